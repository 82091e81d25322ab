import re
from importlib import resources

import pytest
from hypothesis import given
from strategies import any_texts

from stance.actors import Actor, Gazetteer
from stance.actors.gazetteer import ROLES
from stance.errors import DataError
from stance.pages.names import arabic_names, arabic_of
from stance.text import tokenize

babel = pytest.importorskip("babel")

GAZETTEER = Gazetteer.default()
ALPHA_3 = {
    "DE": "DEU", "FR": "FRA", "RU": "RUS", "US": "USA", "GB": "GBR", "CN": "CHN", "JP": "JPN", "IN": "IND",
    "EG": "EGY", "SY": "SYR", "IQ": "IRQ", "SA": "SAU", "YE": "YEM", "LB": "LBN", "JO": "JOR", "PS": "PSE",
    "IL": "ISR", "IR": "IRN", "TR": "TUR", "AF": "AFG", "PK": "PAK", "UZ": "UZB", "SD": "SDN", "SS": "SSD",
    "LY": "LBY", "TN": "TUN", "DZ": "DZA", "MA": "MAR", "MR": "MRT", "SO": "SOM", "DJ": "DJI", "ET": "ETH",
    "KE": "KEN", "NG": "NGA", "NE": "NER", "TD": "TCD", "CD": "COD", "RW": "RWA", "ZA": "ZAF", "UA": "UKR",
    "PL": "POL", "FI": "FIN", "NO": "NOR", "SE": "SWE", "CZ": "CZE", "ES": "ESP", "IT": "ITA", "GR": "GRC",
    "BR": "BRA", "AR": "ARG", "CL": "CHL", "VE": "VEN", "CU": "CUB", "CO": "COL", "MX": "MEX", "CA": "CAN",
    "AU": "AUS", "NZ": "NZL", "KR": "KOR", "KP": "PRK", "VN": "VNM", "TH": "THA", "PH": "PHL", "ID": "IDN",
    "MM": "MMR", "BD": "BGD", "LK": "LKA", "NP": "NPL", "AE": "ARE", "QA": "QAT", "KW": "KWT", "BH": "BHR",
    "OM": "OMN", "XK": "XKX", "EH": "ESH", "GW": "GNB", "GQ": "GNQ", "GN": "GIN", "PG": "PNG", "TW": "TWN",
}  # fmt: skip

NAMES = [
    ("موسكو", "RUS", ""),
    ("نائب وزير الخارجية الروسي، أندريه رودينكو", "RUS", "GOV"),
    ("رئيس الوزراء العراقي", "IRQ", "GOV"),
    ("القيادة الأوزبكية", "UZB", ""),
    ("لأوكرانيا", "UKR", ""),
    ("وبالنرويجيين", "NOR", ""),
    ("الأمين العام للأمم المتحدة", "", "IGO"),
    ('حركة "طالبان"', "AFG", "REB"),
    ("طالبان", "AFG", "REB"),
    ("الحوثيين", "YEM", "REB"),
    ("المتحدث باسم الجيش الإسرائيلي", "ISR", "MIL"),
    ("البيت الأبيض", "USA", "GOV"),
    ("وزير الخارجية الفرنسي السابق", "FRA", "ELI"),
    ("المبعوث الأميركي إلى سوريا", "USA", "GOV"),
    ("المعارضة السورية", "SYR", "OPP"),
    ("متمردون", "", "REB"),
    ("سفراء سبع دول أوروبية معتمدون في نيروبي", "", "GOV"),
    ("القنصل العام للمملكة في لوس أنجلوس بالولايات المتحدة", "", "GOV"),
    ("السفير الياباني لدى بنغلادش", "JPN", "GOV"),
    ("المبعوث الأممي إلى سوريا", "", "IGO"),
    ("المتمردون في اليمن", "YEM", "REB"),
]
NOT_RECOGNISED = {
    "April 6", "ECCAS", "G77", "IPOB", "Mali", "March 8", "Nordic Council", "PFLP-GC", "SPLM-N",
}  # fmt: skip
"""Numbers, dashes, and a country that is spelled as "financial"."""
NOT_ONE = [
    ("الحزب الاشتراكي الديمقراطي", "حزب البديل من أجل ألمانيا"),
    ("حزب العمال البريطاني", "حزب المحافظين"),
    ("الموساد", "الشاباك"),
    ("بنك التنمية الآسيوي", "بنك التنمية الأفريقي"),
    ("حزب البعث العراقي", "حزب البعث السوري"),
    ("المجلس الوطني الانتقالي الليبي", "كتائب القذافي"),
]
UNKNOWN = ["الطقس", "خطة السلام", "دعم مالي", "15", "", "«»", "الوزن"]


@pytest.mark.parametrize(("name", "country", "role"), NAMES, ids=[n[0] for n in NAMES])
def test_identify(name, country, role):
    found = GAZETTEER.identify(name)
    assert (found.country, found.role) == (country, role)
    assert found.code == country + role


@pytest.mark.parametrize(("one", "other"), NOT_ONE)
def test_rivals_are_two(one, other):
    found = [GAZETTEER.identify(name).name for name in (one, other)]
    assert all(found)
    assert found[0] != found[1]


def test_every_actor_has_one_name_in_arabic_that_leads_back_to_it():
    names = arabic_names()
    assert set(names) == {actor.name for actor in GAZETTEER._meanings if actor.name}
    assert len(set(names.values())) == len(names)
    assert all(re.fullmatch(r"[\u0621-\u064a0-9 -]+", arabic) for arabic in names.values())
    countries: dict[str, set[str]] = {}
    for actor in GAZETTEER._meanings:
        countries.setdefault(actor.name, set()).add(actor.country)
    found = {name: GAZETTEER.identify(arabic) for name, arabic in names.items()}
    # a parliament's own name may be that of its country in Arabic; none is taken for somebody else's
    assert {
        n: f for n, f in found.items() if f and f.name and f.name != n and f.country not in countries[n]
    } == {}
    unknown = {name for name, actor in found.items() if actor is None or not actor.name}
    assert unknown <= NOT_RECOGNISED


def test_every_term_stands_once():
    table = resources.files("stance.actors").joinpath("actors.tsv").read_text(encoding="utf-8")
    terms = [line.split("\t")[2] for line in table.splitlines()[1:]]
    assert len(set(terms)) == len(terms)


def test_names_in_arabic_keep_their_role_and_what_is_unknown():
    assert arabic_of("Iraq MIL") == f"{arabic_names()['Iraq']} MIL"
    assert [arabic_of(name) for name in ("", "A B", "نص Iraq", "IRAQ MIL")] == [
        "",
        "A B",
        "نص Iraq",
        "IRAQ MIL",
    ]


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_stays_unknown(name):
    assert GAZETTEER.identify(name) is None


def test_cldr_names_of_states_have_their_codes():
    territories = babel.Locale("ar").territories
    wrong = {}
    for alpha_2, alpha_3 in ALPHA_3.items():
        found = GAZETTEER.identify(territories[alpha_2])
        if found is None or found.country != alpha_3:
            wrong[territories[alpha_2]] = found
    assert wrong == {}


def test_every_territory_of_cldr_is_known_but_for_two():
    territories = babel.Locale("ar").territories
    unknown = []
    for code, name in territories.items():
        if len(code) == 2 and code.isalpha() and code not in ("ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"):
            found = GAZETTEER.identify(name)
            if found is None or not found.country:
                unknown.append(code)
    # Mali is spelled as "financial"; the others are no states: reserved codes of islands
    assert set(unknown) <= {"ML", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"}


def test_longest_name_wins():
    text = "غينيا بيساو وغينيا الاستوائية وغينيا وجنوب السودان والسودان وكوريا الشمالية"
    found = [m.actor.country for m in GAZETTEER.find(tokenize(text))]
    assert found == ["GNB", "GNQ", "GIN", "SSD", "SDN", "PRK"]


def test_roles_are_those_of_the_codebook():
    terms = [*GAZETTEER._meanings]
    assert {actor.role for actor in terms} <= {"", *ROLES}
    assert all(not actor.country or (len(actor.country) == 3 and actor.country.isupper()) for actor in terms)


def test_a_country_has_one_name():
    names = {}
    for actor in GAZETTEER._meanings:
        if actor.country and not actor.role:
            names.setdefault(actor.country, set()).add(actor.name)
    assert {c: n for c, n in names.items() if len(n) > 1} == {}


@given(any_texts)
def test_matches_are_inside_ordered_and_apart(text):
    tokens = tokenize(text)
    last = -1
    for match in GAZETTEER.find(tokens):
        assert last < match.first <= match.last < len(tokens)
        last = match.last


def test_own_tables():
    gazetteer = Gazetteer([("زاكستان", Actor("ZZZ", "", "Zakstan"))], [("وزير", "GOV")])
    assert gazetteer.identify("وزير زاكستان") == Actor("ZZZ", "GOV", "Zakstan")


def test_a_broken_table_is_named():
    from stance.actors.gazetteer import _rows

    with pytest.raises(DataError, match="begins with the header"):
        _rows("a\tb\n", ["country", "role"])
    with pytest.raises(DataError, match="line 2"):
        _rows("country\trole\nDEU\n", ["country", "role"])
