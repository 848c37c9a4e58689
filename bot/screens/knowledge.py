"""What is known already: frequent questions and articles by category, documents, the glossary, what a text found."""

from collections.abc import Mapping, Sequence

from bot.buttons import Button, Row, do, look, pairs
from bot.flows.publishing import shelf_words
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import articles, items, reading
from bot.services.closing import filled
from bot.services.remembered import parts_of
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Day, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Article
from db.vocabulary import ArticleState

TITLE = _("Frequent questions")
ASK = _p("button", "❓ Ask the mentors")
OPEN = look(_p("button", "📚 Frequent questions"), "faqs")
SEARCH = do(_p("button", "🔎 Search"), "search", 0)
_LABEL = 40
# Telegram takes 4,096 characters with all that stands around it.
_BODY = 3200
_DOCUMENTS = "documents"


def shelf_list(visit: Visit) -> Screen:
    """The categories, with search, documents and glossary."""
    shelves = [
        look(shelf_words(shelf), "faqs", shelf.key)
        for shelf in articles.shelves(visit.work)
        if shelf.key == articles.GENERAL or articles.on_shelf(visit, shelf.key)
    ]
    more: list[Button] = [look(_p("button", "📖 Glossary"), "terms")]
    if articles.with_files(visit):
        more.insert(0, look(_p("button", "📄 Documents"), "faqs", _DOCUMENTS))
    write: tuple[Row, ...] = ((look(_p("button", "✍️ Articles"), "articles"),),) if articles.writes(visit) else ()
    text = paragraphs(
        _("❔ <b>Frequent questions</b>"), _("Please choose a category, or simply write a question here at any time.")
    )
    return Screen(text, ((SEARCH,), *pairs(shelves), tuple(more), *write), (TITLE,), "help")


def shelf(visit: Visit, category: str = "", number: str = "0") -> Screen:
    """The questions of one category; without one, the categories. A number alone, of an earlier release, is a page."""
    if category.isdecimal():
        category, number = articles.GENERAL, category
    if not category:
        return shelf_list(visit)
    entries = _entries(visit, category)
    page = page_of(number, len(entries))
    rows = tuple((button,) for button in entries[page * PAGE : (page + 1) * PAGE])
    head = _shelf_title(visit, category)
    text = paragraphs(
        _("❔ <b>{category}</b>", category=head),
        None if entries else _("There is nothing here yet. A question to the mentors helps to fill it."),
    )
    return Screen(text, (*rows, *pager(f"faqs:{category}", page, len(entries))), (TITLE, head), "faqs")


def _shelf_title(visit: Visit, category: str) -> Say:
    if category == _DOCUMENTS:
        return _("Documents")
    return shelf_words(next(one for one in articles.shelves(visit.work) if one.key == category))


def _entries(visit: Visit, category: str) -> list[Button]:
    if category == _DOCUMENTS:
        return [_article_button(article) for article in articles.with_files(visit)]
    found = [_article_button(article) for article in articles.on_shelf(visit, category)]
    if category != articles.GENERAL:
        return found
    content = visit.work.programme.edition.faq
    return [*(look(_short(filled(visit, entry.question)), "faq", entry.key) for entry in content), *found]


def _article_button(article: Article) -> Button:
    mark = {ArticleState.DRAFT: "💾 ", ArticleState.STAFF: "👥 ", ArticleState.PUBLIC: ""}[article.state]
    return look(_short(f"{mark}{article.title}"), "article", article.id)


def _short(text: str) -> Plain:
    return Plain(cut(text, _LABEL))


def answer(visit: Visit, key: str) -> Screen:
    """One question of the content with its answer."""
    entry = {entry.key: entry for entry in visit.work.programme.edition.faq}[key]
    proposal = entry.proposal and visit.may(Act.SEE_PROPOSALS)
    text = paragraphs(
        _("❔ <b>{question}</b>", question=filled(visit, entry.question)),
        Plain(filled(visit, entry.answer)),
        _("<i>(proposal: to be approved by the programme)</i>") if proposal else None,
    )
    return Screen(text, _reader_rows(visit, f"faq-{key}"), (TITLE,), f"faqs:{articles.GENERAL}")


def article(visit: Visit, article_id: str) -> Screen:
    """One article, with its documents."""
    found = articles.by_id(visit, article_id)
    count = len(found.files)
    text = paragraphs(
        _("❔ <b>{question}</b>", question=found.title),
        Plain(cut(found.body, _BODY)) if found.body else None,
        _n("📎 {count} file", "📎 {count} files", count) if count else None,
        _about(visit, found),
    )
    files = ((do(_p("button", "📄 Send the document"), "article-files", found.id),),) if count else ()
    rows = (*files, *_reader_rows(visit, f"article-{found.id}"), *_writer_rows(visit, found))
    return Screen(text, rows, (TITLE,), f"faqs:{found.category}")


def _about(visit: Visit, found: Article) -> Say:
    version = _("<i>Version {version}, {day}</i>", version=found.version, day=Day(visit.local(found.changed_at)))
    if not articles.writes(visit):
        return version
    owner = visit.work.person(found.owner_id).name if found.owner_id else "–"
    helped, not_helped = reading.votes(visit.work, f"article-{found.id}")
    return lines(
        version,
        _("Owner: {name} · {state}", name=owner, state=STATES[found.state]),
        _("Look at it again by {day}", day=Day(found.review_on)) if found.review_on else None,
        _("👍 {helped} · 👎 {not_helped}", helped=helped, not_helped=not_helped),
    )


STATES: Mapping[ArticleState, Say] = {
    ArticleState.DRAFT: _("draft"),
    ArticleState.STAFF: _("for the team"),
    ArticleState.PUBLIC: _("public"),
}


def _reader_rows(visit: Visit, subject: str) -> tuple[Row, ...]:
    """ "Membantu? Ya/Tidak", and the way to a mentor from here."""
    helped = (do(_p("button", "👍 It helped"), "vote", subject, 1), do(_p("button", "👎 Not yet"), "vote", subject, 0))
    ask = ((do(ASK, "ask-about", subject),),) if reading.asks(visit) else ()
    return (helped, *ask) if visit.person else ()


def _writer_rows(visit: Visit, found: Article) -> tuple[Row, ...]:
    if not articles.writes(visit):
        return ()
    rows: list[Row] = [(do(_p("button", "✏️ Change"), "write-article", found.id),)]
    if articles.is_due(visit, found):
        rows.append((do(_p("button", "✅ Still right"), "review-article", found.id, found.version),))
    if found.state is not ArticleState.DRAFT:
        rows.append((do(_p("button", "📥 Back to draft"), "withdraw-article", found.id, found.version),))
    return tuple(rows)


def found_for(visit: Visit, update_id: str) -> Screen:
    """What was found for a message of this chat."""
    parts = parts_of(visit, update_id)
    hits = reading.hits(visit, parts[0].text) if parts else []
    rows = tuple((look(_short(hit.title), *hit.key.split(":")),) for hit in hits)
    ask = ((do(ASK, "question", update_id),),) if reading.asks(visit) and parts else ()
    text = _("🔎 <b>Is it one of these?</b>") if hits else _("Nothing was found for it.")
    return Screen(text, (*rows, *ask), (TITLE,), "faqs")


def about_item(visit: Visit, item_id: str) -> Screen:
    """What is known already about one item."""
    item = items.by_id(visit, item_id, Act.SEE_ITEM)
    found = reading.about_item(visit, item)
    rows = tuple((look(_short(hit.title), *hit.key.split(":")),) for hit in found)
    ask = ((do(ASK, "ask", item.id, item.version),),) if visit.may(Act.ASK, Place(item.region_code)) else ()
    text = paragraphs(
        _("📚 <b>Answers about {title}</b>", title=items.title(visit.work, item)),
        None if found else _("Nothing is known about it yet. A question to the mentors helps to fill it."),
    )
    return Screen(text, (*rows, *ask, (OPEN,)), (TITLE,), f"item-id:{item.id}")


def glossary(visit: Visit, number: str = "0") -> Screen:
    """The programme's terms with their meaning."""
    terms = visit.work.programme.edition.glossary
    page = page_of(number, len(terms))
    shown = [
        _("<b>{term}</b>: {meaning}", term=term.term, meaning=filled(visit, term.meaning))
        for term in terms[page * PAGE : (page + 1) * PAGE]
    ]
    text = paragraphs(_("📖 <b>Glossary</b>"), *shown)
    return Screen(text, pager("terms", page, len(terms)), (TITLE, _("Glossary")), "faqs")


def article_list(visit: Visit, number: str = "0") -> Screen:
    """What a writer works on: drafts, articles to look at again, and the rest."""
    found = articles.to_write(visit)
    page = page_of(number, len(found))
    due = sum(articles.is_due(visit, one) for one in found)
    text = paragraphs(
        _("✍️ <b>Articles</b>"),
        _n("⏰ {count} should be looked at again", "⏰ {count} should be looked at again", due) if due else None,
        _("There are none yet. An answer to a question becomes one by Publish; others can be written here.")
        if not found
        else None,
    )
    rows = tuple((_due_button(visit, one),) for one in found[page * PAGE : (page + 1) * PAGE])
    new = do(_p("button", "📝 New article"), "write-article", 0)
    gaps = look(_p("button", "🔎 Not found"), "gaps")
    return Screen(text, (*rows, *pager("articles", page, len(found)), (new, gaps)), (TITLE, _("Articles")), "faqs")


def _due_button(visit: Visit, found: Article) -> Button:
    if articles.is_due(visit, found):
        return look(_short(f"⏰ {found.title}"), "article", found.id)
    return _article_button(found)


def gap_list(visit: Visit, number: str = "0") -> Screen:
    """Searches without result: what is missing among the answers."""
    visit.require(Act.WRITE_ARTICLE)
    found, counted = reading.gaps(visit.work), reading.counted(visit.work)
    page = page_of(number, len(found))
    text = paragraphs(
        _("🔎 <b>Searches of the last {count} days</b>", count=reading.REPORT_DAYS),
        _(
            "{searches} searches, {found} with a result, {answered} times no question was needed any more.",
            searches=counted.searches,
            found=counted.with_result,
            answered=counted.answered,
        ),
        lines(_("<b>Not found</b>"), *_gaps(found[page * PAGE : (page + 1) * PAGE])) if found else _ALL_FOUND,
    )
    return Screen(text, pager("gaps", page, len(found)), (TITLE, _("Not found")), "articles")


_ALL_FOUND = _("Everything that was looked for had a result.")


def _gaps(found: Sequence[reading.Gap]) -> list[Say]:
    return [_("• {words} ({count}×)", words=gap.words, count=gap.count) for gap in found]


SCREENS: Mapping[str, Draw] = {
    "faqs": shelf,
    "faq": answer,
    "article": article,
    "found": found_for,
    "answers": about_item,
    "terms": glossary,
    "articles": article_list,
    "gaps": gap_list,
}
