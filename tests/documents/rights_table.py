"""The table of rights as the coordinators' guide shows it. `python -m tests.documents.rights_table` writes it there."""

from collections.abc import Mapping
from pathlib import Path

from bot.services.rights import RIGHTS, Act
from db.vocabulary import Role

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "koordinator.md"
BEGIN, END = "<!-- rights -->", "<!-- /rights -->"

ROLES: Mapping[Role, str] = {
    Role.OFFICIAL: "Pejabat",
    Role.LEAD: "Ketua tim",
    Role.CONTRIBUTOR: "PIC OPD",
    Role.MENTOR: "Tim ahli",
    Role.OBSERVER: "Pemantau",
    Role.COORDINATOR: "Koordinator",
    Role.ADMIN: "Admin",
}
ACTS: Mapping[Act, str] = {
    Act.SEE_REGION: "Melihat kemajuan daerah",
    Act.SEE_ITEM: "Melihat butir",
    Act.WORK_ON_ITEM: "Mengerjakan butir dan melampirkan bukti",
    Act.SUBMIT_ITEM: "Mengajukan butir, menandai tidak berlaku",
    Act.DECLARE_STAGES: "Menyatakan tahap terdahulu selesai",
    Act.ASSIGN_ITEM: "Menugaskan butir",
    Act.REVIEW_ITEM: "Meninjau bukti (tidak pernah miliknya sendiri)",
    Act.SEE_TEAM: "Melihat tim daerah",
    Act.INVITE_TO_REGION: "Mengundang ke daerah",
    Act.INVITE_TO_PROGRAMME: "Mengundang tim ahli dan pemantau",
    Act.REMOVE_MEMBER: "Mengeluarkan anggota",
    Act.DECIDE_REQUEST: "Memutuskan permintaan akses",
    Act.SEE_ALL_REGIONS: "Melihat daftar daerah",
    Act.ADD_PARTICIPANT: "Menambah daerah peserta",
    Act.CHANGE_CALENDAR: "Mengubah kalender, pengingat, dan sasaran waktu",
    Act.SUSPEND_PERSON: "Menutup akses seseorang",
    Act.APPOINT_LEAD_MENTOR: "Menunjuk dan mencabut ketua tim ahli",
    Act.SEE_PROPOSALS: "Melihat tanda usulan",
    Act.ASK: "Bertanya kepada tim ahli",
    Act.SEE_QUESTION: "Membaca pertanyaan",
    Act.ANSWER_QUESTION: "Menjawab pertanyaan",
    Act.SEE_QUEUE: "Melihat antrean",
    Act.WRITE_ARTICLE: "Menulis artikel",
    Act.ANNOUNCE: "Menyiarkan pengumuman",
    Act.SEE_PHONE: "Melihat nomor telepon anggota tim daerah",
    Act.SEE_LOST: "Melihat daftar yang tidak terjangkau",
    Act.SEE_AGENDA: "Melihat agenda",
    Act.SCHEDULE_VISIT: "Menjadwalkan pendampingan",
    Act.SCHEDULE_MEETING: "Menjadwalkan kegiatan lain",
    Act.STOP_EVERYTHING: "Menghentikan semua pengiriman",
    Act.ASK_EXTENSION: "Meminta perpanjangan tenggat",
    Act.DECIDE_EXTENSION: "Memutuskan dan memberi perpanjangan",
}


def table() -> str:
    """The table in Markdown: a row an act, a column a role."""
    head = f"| Tindakan | {' | '.join(ROLES.values())} |\n|---|{'---|' * len(ROLES)}"
    return "\n".join([head, *(f"| {ACTS[act]} | {_cells(act)} |" for act in Act)])


def _cells(act: Act) -> str:
    return " | ".join("✓" if role in RIGHTS[act] else "–" for role in ROLES)


def with_table(guide: str) -> str:
    """The guide with the present table between its marks."""
    before, _begin, rest = guide.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    note = (
        "Setiap hak berlaku dalam lingkup kedudukan masing-masing: daerah, pilar, provinsi, atau butir yang ditugaskan."
    )
    return f"{before}{BEGIN}\n{note}\n\n{table()}\n{END}{after}"


if __name__ == "__main__":
    GUIDE.write_text(with_table(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
