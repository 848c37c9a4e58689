"""What Prometheus reads, read by Prometheus's own parser."""

from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from bot.health import Vitals, exposition

VITALS = Vitals(
    at="2026-11-14T02:00:00+00:00",
    beats={"intake": 0.5, "worker": 1.25},
    lag=0.002,
    last_good_poll=3.5,
    oldest_reply=None,
    skew=-0.25,
    inbox=0,
    outbox={"waiting": 20_000, "in_doubt": 1},
    free_bytes=7_500_000_000,
)


def samples(vitals: Vitals) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(exposition(vitals))
        for sample in family.samples
    }


def test_every_number_arrives_as_it_was() -> None:
    assert samples(VITALS) == {
        ("pandu_event_loop_lag_seconds",): 0.002,
        ("pandu_loop_age_seconds", "intake"): 0.5,
        ("pandu_loop_age_seconds", "worker"): 1.25,
        ("pandu_intake_age_seconds",): 3.5,
        ("pandu_clock_skew_seconds",): -0.25,
        ("pandu_inbox_open",): 0,
        ("pandu_disk_free_bytes",): 7_500_000_000,
        ("pandu_outbox", "waiting"): 20_000,
        ("pandu_outbox", "in_doubt"): 1,
    }


def test_what_is_not_known_is_left_out_rather_than_called_zero() -> None:
    blind = replace(VITALS, last_good_poll=None, skew=None, inbox=None, outbox=None)
    assert {name for name, *_ in samples(blind)} == {
        "pandu_event_loop_lag_seconds",
        "pandu_loop_age_seconds",
        "pandu_disk_free_bytes",
    }
