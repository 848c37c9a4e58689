"""A link counts only if it is plain: https, a known host, nothing hidden. Nobody follows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files import Link, Reason, check_link
from bot.settings import Settings

HOSTS = ("*.go.id", "drive.google.com", "youtu.be")
DEFAULT_HOSTS = Settings.model_fields["evidence_hosts"].default


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("https://drive.google.com/file/d/1a_B-c/view?usp=sharing", None, "drive.google.com"),
        ("  https://mojokertokab.go.id/a\n", "https://mojokertokab.go.id/a", "mojokertokab.go.id"),
        ("HTTPS://Drive.Google.COM/Berkas", "https://drive.google.com/Berkas", "drive.google.com"),
        ("drive.google.com/drive/folders/x", "https://drive.google.com/drive/folders/x", "drive.google.com"),
        ("https://drive.google.com", None, "drive.google.com"),
        ("https://drive.google.com./x", "https://drive.google.com/x", "drive.google.com"),
        ("https://a.b.tebingtinggikota.go.id/x", None, "a.b.tebingtinggikota.go.id"),
        ("https://x.go.id/surat%20keputusan.pdf#hal=2", None, "x.go.id"),
        ("https://x.go.id/Peraturan/Nº1?q=é", "https://x.go.id/Peraturan/N%C2%BA1?q=%C3%A9", "x.go.id"),
        ("https://döner.go.id/", "https://xn--dner-5qa.go.id/", "xn--dner-5qa.go.id"),
        ("https://x\u3002go\u3002id/", "https://x.go.id/", "x.go.id"),
    ],
)
def test_a_plain_link_is_accepted_in_its_canonical_form(text: str, url: str | None, host: str) -> None:
    assert check_link(text, HOSTS) == Link(url or text, host)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.LINK_UNREADABLE),
        ("sudah saya unggah", Reason.LINK_UNREADABLE),
        ("https://", Reason.LINK_UNREADABLE),
        ("https:///x", Reason.LINK_UNREADABLE),
        ("https://x.go.id/a b", Reason.LINK_UNREADABLE),
        ("https://x.go.id/\u202egpj.exe", Reason.LINK_UNREADABLE),
        ("https://x.go.id/a\x00b", Reason.LINK_UNREADABLE),
        ("https://x.go.id\\@evil.com/", Reason.LINK_UNREADABLE),
        ('https://x.go.id/"onload=', Reason.LINK_UNREADABLE),
        ("https://x..go.id/", Reason.LINK_UNREADABLE),
        ("https://-x.go.id/", Reason.LINK_UNREADABLE),
        ("https://localhost/", Reason.LINK_UNREADABLE),
        (f"https://{'a' * 64}.go.id/", Reason.LINK_UNREADABLE),
        ("http://x.go.id/", Reason.LINK_NOT_HTTPS),
        ("ftp://x.go.id/", Reason.LINK_NOT_HTTPS),
        ("javascript://x.go.id/%0aalert(1)", Reason.LINK_NOT_HTTPS),
        ("tg://resolve?domain=x", Reason.LINK_NOT_HTTPS),
        ("javascript:alert(1)", Reason.LINK_DISGUISED),
        ("https://drive.google.com@evil.com/", Reason.LINK_DISGUISED),
        ("https://me:secret@drive.google.com/", Reason.LINK_DISGUISED),
        ("https://drive.google.com:8443/", Reason.LINK_DISGUISED),
        ("https://drive.google.com:443/", Reason.LINK_DISGUISED),
        ("https://127.0.0.1/", Reason.LINK_DISGUISED),
        ("https://2130706433/", Reason.LINK_DISGUISED),
        ("https://0x7f000001/", Reason.LINK_DISGUISED),
        ("https://0177.1/", Reason.LINK_DISGUISED),
        ("https://[::1]/", Reason.LINK_DISGUISED),
        ("https://evil.com/drive.google.com", Reason.LINK_HOST),
        ("https://drive.google.com.evil.com/", Reason.LINK_HOST),
        ("https://evildrive.google.com/", Reason.LINK_HOST),
        ("https://go.id/", Reason.LINK_HOST),
        ("https://evil-go.id/", Reason.LINK_HOST),
        ("https://evil.com?x.go.id/", Reason.LINK_HOST),
        ("https://evil.com#x.go.id/", Reason.LINK_HOST),
        ("https://bit.ly/abc", Reason.LINK_HOST),
        ("https://dr\u0456ve.google.com/", Reason.LINK_HOST),
        ("https://x.go.id/" + "a" * 2000, Reason.LINK_TOO_LONG),
        ("https://x.go.id/" + "é" * 1000, Reason.LINK_TOO_LONG),
    ],
)
def test_a_link_that_hides_something_is_refused_with_its_reason(text: str, reason: Reason) -> None:
    assert check_link(text, HOSTS) is reason


@pytest.mark.parametrize("host", [host.replace("*", "unit.daerah") for host in DEFAULT_HOSTS])
def test_every_host_of_the_settings_can_be_linked_to(host: str) -> None:
    assert check_link(f"https://{host}/x", DEFAULT_HOSTS) == Link(f"https://{host}/x", host)


@given(st.text(max_size=80), st.sampled_from(["", "https://", "https://x.go.id/", "https://drive.google.com"]))
def test_any_text_gives_an_answer_and_an_accepted_link_is_its_own_canonical_form(text: str, start: str) -> None:
    found = check_link(start + text, HOSTS)

    if isinstance(found, Link):
        assert found.url.isascii()
        assert found.url.startswith(f"https://{found.host}")
        assert not set(found.url) & set(' <>"\\\n')
        assert check_link(found.url, HOSTS) == found
