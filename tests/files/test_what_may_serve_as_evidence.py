"""Every sample is classified as expected, and no bytes whatever can break the inspection."""

from __future__ import annotations

import hashlib
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import REASONS, Accepted, FileKind, Reason, inspect
from bot.texts import Texts
from tests.files import samples as made

SAMPLES = made.samples()
GENUINE = made.genuine()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.title}: {sample.name!r}")
def test_a_sample_is_classified_as_expected(sample: made.Sample) -> None:
    found = inspect(sample.content, sample.name, sample.mime)

    assert (found.kind if isinstance(found, Accepted) else found) == sample.expected


def test_the_samples_are_many_and_show_every_reason_about_files() -> None:
    told_elsewhere = {Reason.LOST, Reason.BROKEN, *(reason for reason in Reason if reason.value.startswith("link_"))}

    assert len(SAMPLES) >= 200
    assert {sample.expected for sample in SAMPLES} == {*FileKind, *Reason} - told_elsewhere


def test_what_is_accepted_carries_its_own_type_size_and_fingerprint() -> None:
    content = GENUINE[FileKind.PDF]

    assert inspect(content, "surat.pdf", "text/plain") == Accepted(
        FileKind.PDF, "application/pdf", hashlib.sha256(content).hexdigest(), len(content)
    )


def test_outside_tests_a_picture_with_too_many_pixels_is_refused_all_the_same() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert inspect(made.png_of(10_000, 10_000), "a.png") is Reason.TOO_MANY_PIXELS


@given(st.binary(max_size=600), st.text(max_size=40), st.text(max_size=20))
def test_random_bytes_are_refused_and_never_an_error(content: bytes, name: str, mime: str) -> None:
    assert isinstance(inspect(content, name, mime), Reason)


@settings(max_examples=300)
@given(st.data())
def test_a_file_damaged_anywhere_gives_an_answer_and_never_an_error(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(GENUINE)))
    content = bytearray(GENUINE[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))

    assert isinstance(inspect(bytes(content), f"a.{kind}"), Accepted | Reason)


@given(st.binary(min_size=1, max_size=2000))
def test_a_list_of_content_types_that_is_garbage_is_never_an_error(text: bytes) -> None:
    parts = made.office_parts(FileKind.DOCX) | {"[Content_Types].xml": text}

    assert isinstance(inspect(made.package(parts), "a.docx"), Reason)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_kind_sentence_that_says_what_to_do(reason: Reason) -> None:
    said = Texts.load().plain(REASONS[reason], "en")

    assert "lease " in said
    assert "{" not in said
    assert len(reason.value) <= 64
