"""The score: what was asked must be there, rare words weigh more, the question more than the answer."""

from bot.services.likeness import NEEDED, Asked, Sought, likeness, telling, weight


def asked(**weights: float) -> Asked:
    return Asked(tuple(Sought((stem,), one) for stem, one in weights.items()))


def test_the_same_words_score_one() -> None:
    assert likeness(asked(masa=1, laku=1), ["masa", "laku"], []) == 1.0


def test_less_than_half_of_what_was_asked_shows_nothing() -> None:
    assert likeness(asked(masa=1, resep=1.2), ["masa", "laku"], ["buku"]) == 0.0


def test_one_word_of_two_equal_ones_is_not_enough() -> None:
    assert likeness(asked(tutup=1, pasar=1), ["tutup"], []) == 0.0


def test_a_word_of_the_answer_says_less_than_one_of_the_question() -> None:
    both = asked(masa=1, laku=1)

    assert likeness(both, ["masa"], ["laku"]) < likeness(both, ["masa", "laku"], [])


def test_a_corrected_word_says_a_little_less() -> None:
    corrected = Asked((Sought(("masterplan",), 1, corrected=True),))

    assert 0.8 < likeness(corrected, ["masterplan"], []) < 1


def test_a_long_message_shows_a_question_that_it_holds_whole() -> None:
    long = asked(**{"ketua": 1, "tim": 1, "pelaksana": 1} | {f"kata{number}": 1 for number in range(20)})

    assert 0 < likeness(long, ["ketua", "tim", "pelaksana"], []) <= NEEDED
    assert likeness(long, ["ketua", "tim", "pelaksana", "sk", "wajib"], []) == 0.0


def test_rare_words_tell_more_and_faint_ones_less() -> None:
    counts = {"spbe": 1, "data": 50, "program": 50}
    rare, common, faint = (weight((stem,), counts, 100) for stem in counts)

    assert rare > common > faint


def test_what_could_not_suffice_is_not_looked_for() -> None:
    assert telling(asked(smartcity=0.2, data=0.3, suprastruktur=3)) == ["suprastruktur"]


def test_nothing_asked_finds_nothing() -> None:
    assert telling(Asked(())) == []
    assert likeness(Asked(()), ["masa"], []) == 0.0
