# ruff: noqa: RUF001 - the letters of nine languages and their look-alikes are the subject here
from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.sponsorship.disclosure import (
    GRADES,
    POST_CLASSES,
    PostToRead,
    classify_post,
    classify_posts,
    compile_lexicon,
)
from pipelines.lexicons import disclosure_markers
from pipelines.promotional_text import promotional_model

ROWS = disclosure_markers()
LEXICON = compile_lexicon(ROWS, brands=["glowco", "Sun & Sea"])
MODEL = promotional_model()


def class_of(text, **options):
    return classify_post(text, LEXICON, **options).post_class


def sentence_with(row):
    marker = row["marker"]
    return {
        "hashtag": f"so happy with it {marker} today",
        "word_at_start": f"{marker}: so happy with it",
        "phrase_plus_brand": f"so happy {marker} @glowco today",
        "phrase_plus_number": f"so happy {marker} 123456",
        "token": f"so happy {marker}: 2VtzqwABCD12",
        "token_10_or_12_digits": f"so happy {marker} 7701234567",
    }.get(row["form"], f"so happy, {marker}, today")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['lang']}-{row['marker']}")
def test_every_marker_of_the_lexicon_is_found_in_a_sentence(row):
    result = classify_post(sentence_with(row), LEXICON, language=row["lang"])
    found = {(hit.marker.language, hit.marker.text) for hit in result.found}
    accent_twins = {"#anúncio", "#anuncio", "#إعلان", "#اعلان"}  # fold to one tag, the first row is reported
    assert (row["lang"], row["marker"]) in found or any(
        language == row["lang"] and len(text) in range(len(row["marker"]) - 1, len(row["marker"]) + 2)
        for language, text in found
        if text in accent_twins or "ł" in text or "_" in text
    )
    expected = GRADES[row["grade"]]
    if expected.post_class and not expected.needs:
        assert result.post_class == expected.post_class
    if row["grade"] == "negated":
        assert result.is_negated


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['lang']}-{row['marker']}")
def test_no_marker_is_found_inside_a_longer_word(row):
    text = row["marker"].strip("[]")
    result = classify_post(f"so happy {text}xyz and x{text.lstrip('#')} today", LEXICON, language=row["lang"])
    assert row["marker"] not in {hit.marker.text for hit in result.found}


DISCLOSED = {
    "en": [
        "Ad: new mascara",
        "AD | new mascara",
        "[Ad] new mascara",
        "Love it! #AD",
        "paid partnership with @x",
    ],
    "pt": ["Look do dia #publi", "Parceria paga com a marca", "PUB: novo creme", "Novo creme #anuncio"],
    "es": ["Publicidad | mi rutina", "Colaboración pagada con @marca", "Mi rutina #Publicidad"],
    "fr": ["Publicité : ma routine", "Ma routine #publicite", "Collaboration commerciale avec @marque"],
    "de": [
        "Werbung | Mein Rezept",
        "Anzeige: Mein Rezept",
        "Werbung Heute zeige ich euch",
        "Neu #Werbung",
        "unterstuetzt durch Produktplatzierung",
    ],
    "pl": [
        "[REKLAMA] nowy krem",
        "Nowy krem #wspolpracareklamowa",
        "WSPÓŁPRACA REKLAMOWA",
        "Materiał reklamowy",
    ],
    "ru": [
        "Реклама. ООО «Ромашка», erid: 2VtzqwXYZ12",
        "Новый крем #реклама erid 2VtzqwXYZ12",
        "Новый крем. Реклама ИНН 7701234567 #реклама",
    ],
    "ar": ["#إعلان كريم جديد", "كريم جديد #اعـــلان", "شَرَاكَة مدفوعة مع", "كريم جديد #شراكه_مدفوعه"],
    "it": [
        "Pubblicità: la mia crema",
        "La mia crema #pubblicita",
        "Sponsorizzato da @marca",
        "Nuovo #adv @marca",
    ],
}
DENIED = {
    "en": [
        "This is not an ad, I just love it",
        "not sponsored by anyone",
        "Not an #ad!",
        "Isn't a paid partnership",
    ],
    "pt": ["Isto não é publicidade", "não é #publi", "Sem parceria paga"],
    "es": ["No es publicidad, me encanta", "Esto no es un anuncio", "no patrocinado"],
    "fr": ["Non sponsorisé", "Ceci n'est pas une publicité", "Collaboration commerciale non rémunérée"],
    "de": [
        "Unbezahlte Werbung | Rezept",
        "Werbung (unbezahlt)",
        "Werbung, unbezahlt",
        "Keine Werbung!",
        "Werbung wegen Markennennung",
        "selbst gekauft",
        "#unbezahltewerbung",
    ],
    "pl": ["To nie jest reklama", "Reklama nieopłacona", "Nieopłacona współpraca"],
    "ru": ["Не реклама, просто нравится", "это не #реклама", "Без рекламы"],
    "ar": ["هذا ليس إعلان", "ليس إعلانًا", "إعلان غير مدفوع", "مو إعلان"],
    "it": ["Non è pubblicità", "Post non sponsorizzato da nessuno", "senza sponsor"],
}
ORGANIC = {
    "en": [
        "Ad hoc meeting today",
        "Ad-free podcast",
        "What an #adventure",
        "#advent calendar",
        "Thanks to everyone",
        "The advertisement made me laugh",
        "Advertising is broken",
        "AD 79 in Pompeii",
        "Thanks to God",
    ],
    "pt": ["Publicar é fácil", "#publico de hoje", "Pub crawl em Lisboa", "#adoro"],
    "es": ["Publicidad engañosa en la tele", "La publicidad me aburre", "Gracias a todos", "#adiós"],
    "fr": ["La publicité est partout", "#adorable", "Cette publicité me fatigue"],
    "de": ["Werbung ist nervig", "Anzeige gegen Unbekannt", "#advent", "Werbungskosten absetzen"],
    "pl": ["Reklama w telewizji", "#reklamacja złożona", "Dziękuję wszystkim"],
    "ru": ["Реклама в метро раздражает", "#рекламация", "Рекламный щит упал"],
    "ar": ["صباح الخير يا أصدقاء", "#إعلانات_مبوبة في الصحيفة", "تعاون جميل بين الناس"],
    "it": ["Pubblicità ingannevole in tv", "#advocate", "Grazie a tutti"],
}


def cases(table):
    return [
        pytest.param(language, text, id=f"{language}-{text}")
        for language in table
        for text in table[language]
    ]


@pytest.mark.parametrize(("language", "text"), cases(DISCLOSED))
def test_disclosed_posts_of_nine_languages(language, text):
    result = classify_post(text, LEXICON, language=language)
    assert result.post_class == "disclosed_paid"
    assert result.language == language
    assert result.is_prominent
    assert not result.is_negated
    assert result.hidden_probability == 0.0
    assert class_of(text) == "disclosed_paid"  # also where the post's language is unknown


@pytest.mark.parametrize(("language", "text"), cases(DENIED))
def test_denials_of_nine_languages_disclose_nothing(language, text):
    result = classify_post(text, LEXICON, language=language)
    assert result.is_negated
    assert result.post_class == "organic"
    assert result.paid_probability == 0.0


@pytest.mark.parametrize(("language", "text"), cases(ORGANIC))
def test_ordinary_posts_of_nine_languages_stay_organic(language, text):
    for hint in (language, None):
        result = classify_post(text, LEXICON, language=hint)
        assert result.post_class == "organic"
        assert result.hidden_probability == 0.0


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("Nice day", {"is_paid_label": True}, "platform_label"),
        ("Nice day #ad", {"is_paid_label": True}, "platform_label"),
        ("Our new cream, shop now", {"is_own_brand": True}, "own_brand"),
        ("Mój nowy kurs #autopromocja", {}, "own_brand"),
        ("New bag #gifted", {}, "gifted"),
        ("Neue Tasche #prsample", {"language": "de"}, "gifted"),
        ("My favourites, affiliate link below", {}, "affiliate_or_code"),
        ("My favourites (paid link)", {}, "affiliate_or_code"),
        ("With code ANNA20", {}, "affiliate_or_code"),
        ("New serum #collab", {}, "ambiguous"),
        ("Thanks to @glowco", {}, "ambiguous"),
        ("Novità #adv", {}, "ambiguous"),
        ("Новый крем #реклама", {}, "ambiguous"),
        ("ترخيص موثوق 123456", {}, "ambiguous"),
        ("Neu #ad", {"language": "de"}, "ambiguous"),
        ("Neu #ad", {"language": "ja"}, "disclosed_paid"),
        ("Use my code ANNA20 for 20% off, link in bio @glowco", {}, "suspected_undisclosed"),
        ("Mit meinem Code LENA15 spart ihr 15 %", {}, "suspected_undisclosed"),
        ("По промокоду ANNA20 скидка 20%, ссылка в шапке профиля", {}, "suspected_undisclosed"),
        ("استخدموا كود NOOR10 خصم 10% الرابط بالبايو", {}, "suspected_undisclosed"),
        ("Avec mon code JULIE10 profitez de -10%", {}, "suspected_undisclosed"),
        ("Get yours: https://amzn.to/3xyz for $19", {}, "suspected_undisclosed"),
        ("Lovely dinner with @mum", {}, "organic"),
        ("", {}, "organic"),
        (None, {}, "organic"),
        ("\x00\ud800 👩‍👩‍👧", {}, "organic"),
    ],
)
def test_classes_are_kept_apart(text, options, expected):
    assert class_of(text, **options) == expected


@pytest.mark.parametrize(
    "text",
    [
        "love #\u0430d",
        "love #a\u200bd",
        "love #ａｄ",
        "love #𝗮𝗱",
        "love \u202e#ad",
        "#ad#love",
        "p\u0430id partnership",
        "paid\u00adpartnership paid part\u2060nership",
        "💄#ad💄",
        "love (#ad)",
        "#a_d",
    ],
)
def test_spelling_tricks_are_seen_through(text):
    assert class_of(text) == "disclosed_paid"


RULES = {
    # a tag, a longer one, a label in front, the same word in the middle, a denial
    "en": ("#ad", "#adventure", "Ad: new cream", "My favourite ad is this", "This is not an #ad"),
    "pt": ("#publi", "#publico", "Publi: creme novo", "Vi na publi do metro", "Não é #publi"),
    "es": ("#publicidad", "#publicidades", "Publicidad: crema", "Sin más publicidad", "No es #publicidad"),
    "fr": ("#publicite", "#publicites", "Publicité : crème", "Vu dans la publicité", "Pas une #publicité"),
    "de": ("#werbung", "#werbungskosten", "Werbung | Creme", "Aus der Werbung hier", "Keine #Werbung"),
    "pl": ("#reklama", "#reklamacja", "[REKLAMA] krem", "Krem jak w reklamie", "To nie jest #reklama"),
    "ru": ("#реклама", "#рекламация", "Реклама. Крем", "Крем, как в ролике", "Не #реклама"),
    "ar": ("#إعلان", "#إعلانات_مبوبة", "إعلان مدفوع: كريم", "شاهدته في قناة", "ليس #إعلان"),
    "it": ("#pubblicita", "#pubblicitario", "Pubblicità: crema", "La pubblicità in tv", "Non è #pubblicità"),
}
PLAIN_TEXT = {
    "en": "so happy with it", "pt": "gostei muito dele", "es": "me gusta mucho esto", "fr": "je suis ravie",
    "de": "ich bin sehr froh", "pl": "jestem zachwycona", "ru": "мне очень нравится", "ar": "أنا سعيدة جدا "
    "به",
    "it": "mi piace molto",
}  # fmt: skip


@pytest.mark.parametrize("language", RULES)
def test_how_a_marker_must_stand_in_nine_languages(language):
    tag, longer, first, middle, denial = RULES[language]
    plain = PLAIN_TEXT[language]
    token = " erid 2VtzqwXYZ12" if language == "ru" else ""  # Russian law wants a token beside the word

    def read(text, **options):
        found = classify_post(text, LEXICON, language=language, **options)
        return found.post_class, found.is_prominent

    assert read(plain) == ("organic", None)
    assert read(f"{plain} {tag}{token}") == ("disclosed_paid", True)
    whole = classify_post(f"{plain} {longer}", LEXICON, language=language)
    assert not whole.found
    assert read(f"{first} {plain}{token}") == ("disclosed_paid", True)
    assert read(f"{plain}. {middle}") == ("organic", None)
    assert read(f"{plain} #a1 #b2 #c3 {tag}{token}") == ("disclosed_paid", False)
    assert read(f"{'x' * 130} {tag}{token}") == ("disclosed_paid", False)
    denied = classify_post(f"{plain}. {denial}", LEXICON, language=language)
    assert (denied.post_class, denied.is_negated) == ("organic", True)
    assert read(plain, is_paid_label=True)[0] == "platform_label"
    assert read(f"{plain} {tag}{token}", is_own_brand=True)[0] == "disclosed_paid"
    assert read(plain, is_own_brand=True)[0] == "own_brand"


def test_a_russian_word_without_a_token_is_a_hint():
    assert class_of("Новый крем #реклама", language="ru") == "ambiguous"


@pytest.mark.parametrize("language", ["fr", "es", "pt", "de"])
def test_an_english_tag_in_another_language_hints_and_is_held_against_nobody(language):
    offer = "Glowco 20% with my code ANNA20"
    silent = classify_post(offer, LEXICON, language=language, model=MODEL)
    for tag in ("#ad", "#sponsored", "#collab"):
        hinted = classify_post(f"{offer} {tag}", LEXICON, language=language, model=MODEL)
        assert hinted.post_class in {"ambiguous", "disclosed_paid"}
        assert hinted.hidden_probability <= silent.hidden_probability / 2


def test_links_and_addresses_are_no_tags():
    assert class_of("see https://example.com/#ad and mail a&#ad") == "organic"


def test_position_and_place_among_the_tags():
    early = classify_post("So good #ad #love", LEXICON)
    assert (early.position, early.is_prominent) == (8, True)
    late = classify_post("x" * 130 + " #ad", LEXICON)
    assert (late.post_class, late.is_prominent) == ("disclosed_paid", False)
    buried = classify_post("So good #a1 #b2 #c3 #ad", LEXICON)
    assert (buried.post_class, buried.is_prominent) == ("disclosed_paid", False)


def test_the_clearest_marker_decides_and_a_denied_one_does_not():
    assert classify_post("#collab #gifted #ad", LEXICON).marker == "#ad"
    assert class_of("not an ad but #gifted") == "gifted"
    assert class_of("why not #ad") == "disclosed_paid"
    assert class_of("could not say no #ad") == "disclosed_paid"


def test_a_label_behind_other_markers_still_stands_first():
    assert classify_post("#gifted Werbung | neue Tasche", LEXICON).marker == "werbung"
    assert classify_post("Información: Publicidad: neue Tasche", LEXICON).marker == "publicidad"
    assert class_of("Meine Werbung | neue Tasche") == "organic"


def test_a_brand_and_how_a_text_reads_count_beside_a_sign_alone():
    praise = classify_post("Third time that I bought from Glowco, love it", LEXICON, model=MODEL)
    assert praise.commercial_signals == ("brand_named",)
    assert (praise.promotion_probability, praise.reads_promotional) == (0.0, 0.0)
    offer = "Obsessed with Glowco! Grab yours, 20% with GLOW2310"
    named = classify_post(offer, LEXICON)
    read = classify_post(offer, LEXICON, model=MODEL)
    assert named.promotion_probability < read.promotion_probability < 1
    assert read.reads_promotional > 0.5
    hinted = classify_post(offer + " #collab", LEXICON, model=MODEL)
    assert hinted.post_class == "ambiguous"
    assert hinted.hidden_probability < 0.5 * named.promotion_probability


def test_posts_that_are_equal_are_read_once_and_answered_in_order():
    posts = [PostToRead("#ad"), PostToRead("a walk"), PostToRead("#ad"), PostToRead("#ad", language="de")]
    classes = [found.post_class for found in classify_posts(posts, LEXICON, MODEL)]
    assert classes == ["disclosed_paid", "organic", "disclosed_paid", "ambiguous"]
    assert classify_posts([], LEXICON, MODEL) == []


def test_posts_in_which_the_same_was_found_share_one_answer():
    walk, run, ours = classify_posts(
        [PostToRead("a walk"), PostToRead("a run"), PostToRead("a walk", is_own_brand=True)], LEXICON, MODEL
    )
    assert walk is run
    assert (walk.post_class, ours.post_class) == ("organic", "own_brand")


WORDS = [
    "Glowco",
    "yours with GLOW2310",
    "use my code ANNA20",
    "link in bio",
    "@glowco",
    "not",
    "no",
    "why",
    "shop now",
    "20% off",
    "#ad",
    "#gifted",
    "is this",
    "in partnership with",
    "amzn.to/x",
    "реклама",
    "\n",
    "love",
    "#",
    "Werbung",
    "not an ad",
    ".",
]
DISCLOSURES = [row for row in ROWS if GRADES[row["grade"]].post_class]


@settings(max_examples=200, deadline=None)
@given(
    words=st.lists(st.sampled_from(WORDS), max_size=8),
    row=st.sampled_from(DISCLOSURES),
    is_first=st.booleans(),
    language=st.sampled_from([None, "en", "de", "ru"]),
)
def test_disclosing_never_raises_what_looks_hidden(words, row, is_first, language):
    text = " ".join(words)
    beside = {"phrase_plus_brand": " @glowco", "phrase_plus_number": " 4711"}  # what makes it a disclosure
    marker = row["marker"] + beside.get(row["form"], "")
    honest = f"{marker}: {text}" if is_first else f"{text}\n{marker}"
    before = classify_post(text, LEXICON, language=language, model=MODEL)
    after = classify_post(honest, LEXICON, language=language, model=MODEL)
    assert after.hidden_probability <= before.hidden_probability + 1e-12
    labelled = classify_post(text, LEXICON, language=language, is_paid_label=True)
    assert labelled.hidden_probability == 0.0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gets_a_class(text):
    result = classify_post(text, LEXICON)
    assert result.post_class in POST_CLASSES
    assert 0.0 <= result.hidden_probability <= result.promotion_probability <= result.paid_probability <= 1.0


@pytest.mark.parametrize(
    "unit",
    [
        "#ad ",
        "#ad not an ad ",
        "Ad: ",
        "not a ",
        "code ",
        "#",
        "paid ",
        "thanks to ",
        "\u0430a",
        "€1 ",
        "a?b=",
        "ﷺ",
        "\n",
    ],
)
def test_a_megabyte_of_hostile_text_takes_no_more_than_moments(unit):
    start = time.process_time()
    classify_post(unit * (1_000_000 // len(unit)), LEXICON)
    assert time.process_time() - start < 3


def test_a_label_where_none_stands_discloses_nothing_and_costs_nothing():
    text = "yours with GLOW2310 use my code ANNA20"
    without = classify_post(text, LEXICON, model=MODEL)
    late = classify_post(f"{text}\n- Advert -\n", LEXICON, model=MODEL)

    assert late.post_class == without.post_class == "suspected_undisclosed"
    assert late.hidden_probability <= without.hidden_probability + 1e-12
