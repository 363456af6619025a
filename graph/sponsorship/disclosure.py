# ruff: noqa: RUF001 - the letters of nine languages and their look-alikes are the subject here
"""What a post says about being paid for, and how likely it was paid for without saying so.

Belongs here: how a marker must stand in a text to count, and the class of one post. Does not belong here: the
lexicon (`pipelines.lexicons`, compiled by `graph.sponsorship.disclosure_lexicon`), commercial signals
(`graph.sponsorship.commercial_signals`), denials (`graph.sponsorship.negations`), and sums per account
(`graph.sponsorship.disclosure_rollup`).

Honesty is never punished. A marker can only lower `hidden_probability`: commercial signals are read from the
text with its markers blanked out, what was said multiplies the result by a factor of at most 1, and where
anything was said, neither the brand that it names nor how the text reads counts towards hiding.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from graph.sponsorship.commercial_signals import OFFERS, commercial_signals, promotion_probability
from graph.sponsorship.disclosure_lexicon import (
    FORMS,
    GAPS,
    GRADE_STRENGTH,
    GRADES,
    TOKEN_LETTERS,
    TOKEN_PATTERNS,
    Lexicon,
    LexiconError,
    Marker,
    compile_lexicon,
    tag_key,
)
from graph.sponsorship.negations import denials, denying_tags
from graph.text.text_folding import fold_cased, fold_letters, folded_phrases
from graph.text.word_tries import may_open, whole_words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.sponsorship.promotional_text import PromotionalModel

__all__ = [
    "FORMS",
    "GRADES",
    "POST_CLASSES",
    "Found",
    "Lexicon",
    "LexiconError",
    "PostClass",
    "PostToRead",
    "classify_post",
    "classify_posts",
    "compile_lexicon",
]

POST_CLASSES = (
    "platform_label",
    "disclosed_paid",
    "own_brand",
    "affiliate_or_code",
    "gifted",
    "ambiguous",
    "suspected_undisclosed",
    "organic",
)
PROMINENT_CHARACTERS = 125  # what a phone shows before "more"
PROMINENT_TAGS = 3
SUSPECTED_FROM = 0.5
MAX_POST_CHARACTERS = 100_000  # longer than any platform's posts; what comes after is not read


@dataclass(frozen=True, slots=True)
class Found:
    """A marker in a post: where it starts in the folded text, and how it stands there.

    Attributes:
        marker: the row of the lexicon.
        post_class: the class it gives here, or None where it discloses nothing.
        start, end: its place in the folded text, in characters.
        tag_place: its place among the post's hashtags from 0, or None for words.
        is_negated: whether the text denies it.
    """

    marker: Marker
    post_class: str | None
    start: int
    end: int
    tag_place: int | None
    is_negated: bool

    @property
    def is_prominent(self) -> bool:
        """Within the first 125 characters and, if a hashtag, among the first three."""
        early_tag = self.tag_place is None or self.tag_place < PROMINENT_TAGS
        return self.start < PROMINENT_CHARACTERS and early_tag


@dataclass(frozen=True, slots=True)
class PostClass:
    """What one post says about payment.

    Attributes:
        post_class: one of `POST_CLASSES`.
        marker, grade, language: the marker that decided, as written in the lexicon; None without one.
        position: its first character in the folded text, or None.
        is_prominent: whether readers see it at once; None without a marker.
        is_negated: whether the text denies being paid somewhere.
        commercial_signals: signs that somebody may earn by the post, disclosure not counted.
        reads_promotional: how promotional the text reads with its markers blanked out; 0 without a model,
            or where nothing is offered.
        promotion_probability: what those add up to; the same whether or not the author discloses.
        paid_probability: 1 where payment is disclosed, else `promotion_probability`.
        hidden_probability: that it was paid for without saying so; the only figure here that may raise risk.
        found: every marker in the post.
    """

    post_class: str
    marker: str | None
    grade: str | None
    language: str | None
    position: int | None
    is_prominent: bool | None
    is_negated: bool
    commercial_signals: tuple[str, ...]
    reads_promotional: float
    promotion_probability: float
    paid_probability: float
    hidden_probability: float
    found: tuple[Found, ...]


class PostToRead(NamedTuple):
    """A post as it is handed in; posts that are equal in all of this are read once.

    Attributes:
        text: as written; None and empty are organic.
        is_paid_label: the platform's own label of a paid partnership.
        is_own_brand: whether the author is the brand.
        language: two-letter code of the post's language, if known.
    """

    text: str | None
    is_paid_label: bool = False
    is_own_brand: bool = False
    language: str | None = None


class _Text(NamedTuple):
    """A post's text folded with capitals and without, and the words of the latter."""

    cased: str
    small: str
    words: set[str]


class _Read(NamedTuple):
    """What was found in one post, before it is weighed; most have nothing and share one of these.

    Attributes:
        found: every marker.
        is_negated: whether the text denies being paid somewhere.
        signals: from `commercial_signals`, the markers blanked out.
        offer: the text without its markers where it offers something, else nothing.
    """

    found: tuple[Found, ...]
    is_negated: bool
    signals: tuple[str, ...]
    offer: str


# start and end in the folded text, place among the hashtags, and the rows it may be
_Hit = tuple[int, int, int | None, tuple[Marker, ...]]

_LEADING = re.compile(r"[^\w#@\[]*")
_LATER_LINE = re.compile(r"\n[^\w\n]*(\w[^\n]*?)[^\w\n]*(?=\n|$)")
_TAG_RUN = re.compile(r"(?<![\w&/=?])(?:#\w+)+")
_ERID_WORD = re.compile(r"(?<!\w)реклам(?:а|ы|у|ой|одатель)(?!\w)")
_SEPARATOR = re.compile(r" ?(?:$|\n|[^\w\s'-]|-+(?=\s|$))")
_BRAND_AFTER = re.compile(
    r"[\s:]{0,2}(?:\w{1,20} ){0,2}[@#]\w|[\s:]{0,2}(?:شركه|متجر|مطعم|عياده|ماركه|علامه)(?!\w)"
)
_NUMBER_AFTER = re.compile(r"\D{0,20}\d{3,}")
_MENTION = re.compile(r"(?<![\w.])@\w+(?:\.\w+)*")
# words that follow "advertising" when somebody talks about advertising
_TALK = whole_words(
    folded_phrases("""
is|are|was|were|works|agency|agencies|industry|campaign|campaigns|standards|in|on|and
ist|sind|war|nervt|auf|im|ohne|und|machen|bei|oder|kann|muss|soll|wird|wirkt|gegen|wegen|erstattet|hat
es|en|y|para|enganosa|sobre|importante|util|de|e|su|ingannevole|occulta|che
в|на|это|и|не|для|у|двигатель|как
""")
)
# "the advertisement", "la publicité": the word as a subject, not as a label
_SUBJECT = re.compile(
    r"(?<!\w)(?:the|this|that|these|my|your|their|every|another|of|la|le|les|cette|ces|ma|sa|leur|leurs|de|des|du"
    r"|el|los|esta|este|su|der|die|das|dieses|diese|dem|il|lo|questa|"
    r"(?<!is )(?<!'s )(?:an|a)|(?<!est )(?:une|un)|(?<!es )una|(?<!ist )(?:ein|eine)) $"
)
_NOT_A_BRAND = folded_phrases("god|everyone|all|you|my|the|our|dios|todos|allah|gott")


def classify_post(
    text: str | None,
    lexicon: Lexicon,
    *,
    is_paid_label: bool = False,
    is_own_brand: bool = False,
    language: str | None = None,
    model: PromotionalModel | None = None,
) -> PostClass:
    """`classify_posts` of one post."""
    return classify_posts([PostToRead(text, is_paid_label, is_own_brand, language)], lexicon, model)[0]


def classify_posts(
    posts: Iterable[PostToRead], lexicon: Lexicon, model: PromotionalModel | None = None
) -> list[PostClass]:
    """What posts say about payment, and what they may hide; one answer per post, in order.

    Where a marker is graded differently by language ("#ad" is adequate in English and ambiguous in
    German posts), the post's own language decides; if it is unknown, the reading most favourable to the
    author.

    Args:
        posts: What to read.
        lexicon: From `compile_lexicon`.
        model: Tells texts that read promotional; without one, only signs that can be named count.
    """
    given = list(posts)
    reads: dict[PostToRead, _Read] = {}
    kept: dict[_Read, _Read] = {}
    for post in dict.fromkeys(given):
        read = _read(post, lexicon)
        reads[post] = kept.setdefault(read, read)
    # text alone says nothing, so only texts that offer something are scored
    offers = [] if model is None else list(dict.fromkeys(read.offer for read in kept if read.offer))
    chances = {} if model is None else dict(zip(offers, model.probability(offers).tolist(), strict=True))
    weighed = cache(_weighed)  # and those in which the same was found are weighed once
    answers = []
    for post in given:
        read = reads[post]
        answers.append(weighed(read, chances.get(read.offer, 0.0), _declared(post)))
    return answers


def _declared(post: PostToRead) -> str | None:
    """The class that a post has by what is known beside its text."""
    if post.is_paid_label:
        return "platform_label"
    return "own_brand" if post.is_own_brand else None


def _read(post: PostToRead, lexicon: Lexicon) -> _Read:
    cased = fold_cased((post.text or "")[:MAX_POST_CHARACTERS])
    small = fold_letters(cased)
    words = words_of(small)
    found, is_negated = _find(_Text(cased, small, words), lexicon, (post.language or "").lower()[:2])
    spans = sorted([*_said(found), *_lone_labels(small, lexicon)]) if found or "\n" in small else []
    blank_cased, blank_small = _without(spans, cased), _without(spans, small)
    known = words if blank_small is small else None
    signals = commercial_signals(blank_cased, blank_small, lexicon.brand_words, known)
    return _Read(tuple(found), is_negated, signals, "" if OFFERS.isdisjoint(signals) else blank_small)


def _weighed(read: _Read, reads_promotional: float, declared: str | None) -> PostClass:
    speaking = [hit for hit in read.found if hit.post_class is not None and not hit.is_negated]
    promotion = promotion_probability(read.signals, reads_promotional)
    factor = min((GRADES[hit.marker.grade].hidden_factor for hit in speaking), default=1.0)
    if declared is not None:
        factor = 0.0
    hidden = promotion
    if speaking:
        hidden = promotion_probability(tuple(name for name in read.signals if name != "brand_named"))
    best = max(speaking, key=_clearest, default=None)
    post_class = _post_class(best, read.signals, promotion)
    if declared == "platform_label" or (declared is not None and post_class != "disclosed_paid"):
        post_class = declared
    is_disclosed = post_class in {"platform_label", "disclosed_paid"}
    return PostClass(
        post_class=post_class,
        marker=best.marker.text if best else None,
        grade=best.marker.grade if best else None,
        language=best.marker.language if best else None,
        position=best.start if best else None,
        is_prominent=best.is_prominent if best else None,
        is_negated=read.is_negated,
        commercial_signals=read.signals,
        reads_promotional=reads_promotional,
        promotion_probability=promotion,
        paid_probability=1.0 if is_disclosed else promotion,
        hidden_probability=hidden * factor,
        found=read.found,
    )


def _post_class(best: Found | None, signals: tuple[str, ...], promotion: float) -> str:
    """The class of a post by its text alone."""
    if best is not None and best.post_class is not None:
        return best.post_class
    if promotion >= SUSPECTED_FROM:
        return "suspected_undisclosed"
    return "affiliate_or_code" if {"discount_code", "affiliate_link"} & set(signals) else "organic"


def _clearest(hit: Found) -> tuple[int, int, int]:
    """Order of markers: class, then grade, then the earliest."""
    return (-POST_CLASSES.index(hit.post_class or "organic"), GRADE_STRENGTH[hit.marker.grade], -hit.start)


def _find(text: _Text, lexicon: Lexicon, language: str) -> tuple[list[Found], bool]:
    """Every marker with its reading in this post, and whether anything is denied."""
    small = text.small
    tags = _tags(small)
    hits = [*_tag_hits(tags, lexicon), *_phrase_hits(text, lexicon)]
    hits += _first_word_hits(text, lexicon, hits)
    hits += [
        (match.start(), match.end(), None, (marker,))
        for pattern, marker in lexicon.tokens
        if TOKEN_LETTERS[marker.form] in small
        for match in pattern.finditer(small)
    ]
    spans = denials(small, text.words)
    is_negated = bool(spans) or any(tag in denying_tags() for _, tag in tags)
    if not hits:
        return [], is_negated
    kinds = {marker.form for *_, markers in hits for marker in markers}
    present = {
        "erid": bool(kinds & set(TOKEN_PATTERNS)),
        "word": _ERID_WORD.search(small) is not None,
        "brand": _MENTION.search(small) is not None
        or (lexicon.brand_words is not None and lexicon.brand_words.pattern.search(small) is not None),
    }
    found = []
    for start, end, tag_place, markers in sorted(hits, key=lambda hit: hit[:2]):
        marker = _reading(markers, language)
        grade = GRADES[marker.grade]
        is_complete = grade.needs is None or present[grade.needs]
        is_denied = marker.grade == "negated" or _overlaps(start, end, spans)
        post_class = grade.post_class if is_complete else "ambiguous"
        found.append(Found(marker, post_class, start, end, tag_place, is_denied))
    return found, is_negated or any(hit.is_negated for hit in found)


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether [start, end) touches one of the spans, which are in order and apart."""
    before = bisect_left(spans, (end,)) - 1
    return before >= 0 and spans[before][1] > start


def _tags(small: str) -> list[tuple[int, str]]:
    """Hashtags with their place in the text, in order; underscores at will."""
    tags: list[tuple[int, str]] = []
    if "#" not in small:
        return tags
    for run in _TAG_RUN.finditer(small):
        start = run.start()
        for tag in run.group()[1:].split("#"):
            tags.append((start, tag_key(tag)))
            start += len(tag) + 1
    return tags


def _tag_hits(tags: list[tuple[int, str]], lexicon: Lexicon) -> list[_Hit]:
    return [
        (start, start + 1 + len(tag), place, lexicon.tags[tag])
        for place, (start, tag) in enumerate(tags)
        if tag in lexicon.tags
    ]


def _first_word_hits(text: _Text, lexicon: Lexicon, others: list[_Hit]) -> list[_Hit]:
    """First words that stand as labels: "Ad: …", "Werbung | …", and not "Ad hoc …" or "Werbung ist …".

    Other markers before the word are passed over, so that "#gifted Werbung: …" says no less than
    "Werbung: …".
    """
    hits: list[_Hit] = []
    if not may_open(lexicon.first_word_openings, text.words):
        return hits
    small, ends = text.small, {start: end for start, end, *_ in others}
    position = _past_leading(small, 0)
    while position < len(small):
        match = lexicon.first_word_pattern.match(small, position)
        if match is not None and _is_label(small, match[1], match.end()):
            hits.append((match.start(1), match.end(), None, lexicon.first_words[match[1]]))
            position = match.end()
        elif position in ends:
            position = ends[position]
        else:
            break
        position = _past_leading(small, position)
    return hits


def _past_leading(small: str, position: int) -> int:
    leading = _LEADING.match(small, position)
    return leading.end() if leading else position


def _is_label(small: str, word: str, end: int) -> bool:
    if _SEPARATOR.match(small, end):
        return True
    # three letters are too often another word; longer ones are a label unless the sentence goes on about them
    return len(word) > 3 and small[end] == " " and _TALK.match(small, end + 1) is None


def _phrase_hits(text: _Text, lexicon: Lexicon) -> list[_Hit]:
    if not lexicon.phrase_words.may_stand_among(text.words):
        return []
    cased, small = text.cased, text.small
    hits = []
    for match in lexicon.phrase_words.pattern.finditer(small):
        start, end = match.span()
        markers = tuple(
            marker
            for marker in lexicon.phrases[GAPS.sub(" ", match.group())]
            if _stands_right(marker, start, end, cased, small, lexicon)
        )
        if markers:
            if any(marker.form == "phrase_plus_brand" for marker in markers):
                mention = _MENTION.match(small, end + 1)  # the partner belongs to the marker
                end = mention.end() if mention else end
            hits.append((start, end, None, markers))
    return hits


def _stands_right(marker: Marker, start: int, end: int, cased: str, small: str, lexicon: Lexicon) -> bool:
    if marker.form == "phrase_plus_number":
        return _NUMBER_AFTER.match(small, end) is not None
    if marker.form == "phrase_plus_brand":
        # clear words stand without a name beside them; "thanks to" alone is a courtesy
        return GRADES[marker.grade].post_class == "disclosed_paid" or _names_brand(
            start, end, cased, small, lexicon
        )
    is_single = (
        marker.form == "phrase" and " " not in marker.text and GRADES[marker.grade].post_class is not None
    )
    return not (is_single and _SUBJECT.search(small, max(0, start - 16), start))


def _names_brand(start: int, end: int, cased: str, small: str, lexicon: Lexicon) -> bool:
    if _BRAND_AFTER.match(small, end):
        return True
    if lexicon.brand_words is not None and lexicon.brand_words.pattern.search(small, end, end + 40):
        return True
    next_word = re.match(r"[\s:]{1,2}(\w+)", cased[end : end + 30])
    if next_word is None or cased[start:end].isupper():
        return False
    word = next_word[1]
    return word[0].isupper() and word.lower() not in _NOT_A_BRAND


def _reading(markers: tuple[Marker, ...], language: str) -> Marker:
    """The post's own language decides; otherwise the clearest grade."""
    own = [marker for marker in markers if marker.language == language]
    return max(own or markers, key=lambda marker: GRADE_STRENGTH[marker.grade])


def _said(found: list[Found]) -> Iterator[tuple[int, int]]:
    """Where a text says that it is paid for, or that it is not."""
    return ((hit.start, hit.end) for hit in found if hit.marker.grade not in {"commercial_signal", "support"})


def _lone_labels(small: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Lines after the first that are a label and nothing else.

    Readers miss a word that stands where it is no label any more, so it discloses nothing; whoever wrote it
    meant to, so it must not look commercial either.
    """
    for line in _LATER_LINE.finditer(small):
        if line[1] in lexicon.first_words:
            yield line.span()


def _without(spans: list[tuple[int, int]], text: str) -> str:
    """The text with these places blanked out, so that saying so cannot look commercial."""
    kept, position = [], 0
    for start, end in spans:
        if end > position:
            kept += [text[position:start], " "]
            position = end
    return "".join([*kept, text[position:]]) if kept else text
