"""The invitation letter as a Word document: one A4 page, to print, sign, scan or forward."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from bot.papers.invitation import InvitationLetter
from bot.papers.printable import printable
from bot.papers.qr import qr_png

# On every computer, or replaced by a font of the same widths.
FONT: Final = "Arial"
INK: Final = RGBColor(0x0B, 0x3C, 0x5D)
GREY: Final = RGBColor(0x44, 0x4B, 0x52)
PALE: Final = "EEF4F8"
_LONGEST: Final = 600


def letter_docx(letter: InvitationLetter) -> bytes:
    """The letter as a .docx file."""
    paper = _blank(letter.title)
    _head(paper, letter)
    _greeting(paper, letter)
    _card(paper, letter)
    _section(paper, letter.steps_title, [f"{number}." for number in range(1, len(letter.steps) + 1)], letter.steps)
    _section(paper, letter.genuine_title, ["✓"] * len(letter.genuine), letter.genuine)
    _help(paper, letter)
    _end(paper, letter)
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _blank(title: str) -> Paper:
    paper = Document()
    page = paper.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.3)
    page.top_margin, page.bottom_margin = Cm(1.6), Cm(1.5)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10.5)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.1
    about = paper.core_properties
    about.title, about.author, about.comments = printable(title, 200), "Pandu", ""
    return paper


def _head(paper: Paper, letter: InvitationLetter) -> None:
    top = _line(paper.add_paragraph(), letter.ministry.upper(), size=13, bold=True, colour=INK)
    top.alignment = WD_ALIGN_PARAGRAPH.CENTER
    below = _line(paper.add_paragraph(), letter.programme, size=11, colour=GREY, after=8)
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _rule_below(below)
    title = _line(paper.add_paragraph(), letter.title, size=17, bold=True, colour=INK, before=12, after=8)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if letter.issued:
        _line(paper.add_paragraph(), letter.issued, after=4).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _greeting(paper: Paper, letter: InvitationLetter) -> None:
    _line(paper.add_paragraph(), letter.address, after=4)
    _line(paper.add_paragraph(), letter.opening, after=8).alignment = WD_ALIGN_PARAGRAPH.LEFT


def _card(paper: Paper, letter: InvitationLetter) -> None:
    """What to type on the left, what to scan on the right."""
    table = paper.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    left, right = table.rows[0].cells
    for cell, column, width in zip((left, right), table.columns, (Cm(11.4), Cm(5)), strict=True):
        cell.width = column.width = width  # Word reads the one, LibreOffice the other
        _shade(cell)
    _facts(left, letter)
    _qr(right, letter)


def _facts(cell: _Cell, letter: InvitationLetter) -> None:
    _line(cell.paragraphs[0], letter.code_label, size=9.5, colour=GREY, before=8)
    _line(cell.add_paragraph(), letter.code, size=25, bold=True, colour=INK)
    _line(cell.add_paragraph(), letter.code_hint, size=9.5, colour=GREY, after=6)
    for label, value in letter.facts:
        fact = _line(cell.add_paragraph(), label, colour=GREY, after=2)
        _hang(fact, 3.4)
        _styled(fact.add_run("\t"))
        _styled(fact.add_run(printable(value, _LONGEST)), bold=True)
    cell.paragraphs[-1].paragraph_format.space_after = Pt(8)


def _qr(cell: _Cell, letter: InvitationLetter) -> None:
    place = cell.paragraphs[0]
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    place.paragraph_format.space_before = Pt(8)
    picture = place.add_run().add_picture(BytesIO(qr_png(letter.link, scale=12)), width=Cm(4.3))
    picture._inline.docPr.set("descr", printable(letter.link_hint, 200))  # what a screen reader says
    hint = _line(cell.add_paragraph(), letter.link_hint, size=9.5, colour=GREY, before=2, after=8)
    hint.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _section(paper: Paper, title: str, marks: list[str], texts: tuple[str, ...]) -> None:
    _line(paper.add_paragraph(), title, size=12, bold=True, colour=INK, before=11, after=3)
    for mark, text in zip(marks, texts, strict=True):
        point = paper.add_paragraph()
        _hang(point, 0.7)
        _styled(point.add_run(f"{mark}\t"), bold=True, colour=INK)
        _styled(point.add_run(printable(text, _LONGEST)))
        point.paragraph_format.space_after = Pt(2)


def _help(paper: Paper, letter: InvitationLetter) -> None:
    _line(paper.add_paragraph(), letter.help_title, size=12, bold=True, colour=INK, before=11, after=3)
    _line(paper.add_paragraph(), letter.help, bold=True, after=4)
    _line(paper.add_paragraph(), letter.privacy, size=9.5, colour=GREY)


def _end(paper: Paper, letter: InvitationLetter) -> None:
    _line(paper.add_paragraph(), letter.closing, before=10)
    if letter.signer:
        _line(paper.add_paragraph(), letter.regards, before=8, after=36)
        _line(paper.add_paragraph(), letter.signer, bold=True)


def _line(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    colour: RGBColor | None = None,
    before: float = 0,
    after: float = 0,
) -> Paragraph:
    _styled(paragraph.add_run(printable(text, _LONGEST)), size=size, bold=bold, colour=colour)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def _hang(paragraph: Paragraph, centimetres: float) -> None:
    """All lines but the first begin where the first one's tab leads."""
    paragraph.paragraph_format.left_indent = Cm(centimetres)
    paragraph.paragraph_format.first_line_indent = Cm(-centimetres)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(centimetres))


def _styled(run: Run, *, size: float | None = None, bold: bool = False, colour: RGBColor | None = None) -> None:
    run.bold = bold
    if size is not None:
        run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour


def _rule_below(paragraph: Paragraph) -> None:
    """The double line under the head of an Indonesian official letter."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "18"), ("space", "6"), ("color", str(INK))):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", PALE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
