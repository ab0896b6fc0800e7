"""Closed lists of words that tell what kind of thing a name names. No list of names of things stands here.

Names themselves come from the gazetteer, which ``scripts/gazetteer.py`` builds from the train split alone.
"""

from __future__ import annotations

from typing import Final

#: Before a person's name; no part of it.
TITLES: Final = frozenset(
    "mr mrs ms mx miss dr prof professor sir dame lord lady president minister chancellor senator sen rep representative "
    "congressman congresswoman governor gov mayor judge justice general gen colonel col captain capt lieutenant lt "
    "sergeant sgt major officer inspector superintendent supt detective commissioner chief chairman chairwoman chair "
    "director secretary attorney spokesman spokeswoman spokesperson king queen prince princess pope bishop archbishop "
    "reverend rev father sister brother imam rabbi sheikh coach councillor cllr engr atty hon premier deputy vice "
    "ambassador commander admiral adm marshal professor engineer analyst economist lawyer barrister councilman "
    "councilwoman alderman nurse constable datu kapitan barangay pilot skipper striker midfielder goalkeeper".split()
)
#: Titles that end the name before them: "Maribay Mayor Florencio Abrenica" holds two names.
OFFICES: Final = frozenset(
    "mayor president minister senator governor judge justice captain director secretary chairman chairwoman spokesman spokeswoman "
    "spokesperson professor commissioner superintendent general premier chancellor councillor chief coach".split()
)
#: Last word of an organisation's name.
ORG_ENDS: Final = frozenset(
    "government inc ltd plc corp co llc llp gmbh ag sa nv pty limited incorporated corporation company group holdings partners "
    "associates bank trust fund foundation institute university college school academy council committee commission "
    "agency authority ministry department directorate bureau office board court tribunal parliament senate congress "
    "assembly party union federation association society club league alliance coalition network conservancy service "
    "services police army navy force forces inspectorate secretariat cooperative co-operative co-op corps ministry "
    "times post herald tribune journal gazette courier ledger review observer chronicle news wire press media "
    "telegraph mail guardian standard express radio television tv broadcasting airlines airways minerals motors "
    "industries technologies technology systems laboratories labs energy pharma pharmaceuticals insurance capital "
    "securities ventures studios records entertainment hospital clinic ngo taskforce cabinet treasury admiralty "
    "watchdog ombudsman registry exchange chamber guild congregation church diocese united rovers city fc lines "
    "logistics shipping ferries mills mines mining organisation organization administration initiative centre center".split()
)
#: First word of an organisation's name ("Ministry of Ports", "University of Velm").
ORG_STARTS: Final = frozenset(
    "government ministry department university bank institute office court bureau directorate board council federation association "
    "union commission committee house national royal international federal coastal central supreme high college society".split()
)
FAC_ENDS: Final = frozenset(
    "bridge airport station road street avenue lane highway tower stadium arena hall dock pier wharf port terminal dam "
    "plant prison jail palace museum library theatre theater square mall canal tunnel boulevard market cemetery "
    "gardens park barracks lighthouse building mill reservoir".split()
)
LOC_ENDS: Final = frozenset(
    "river sea ocean lake bay gulf mount mountain mountains hills hill valley island islands reef coast desert forest "
    "strait channel peninsula creek basin delta plateau canyon beach cape point harbour harbor sound highlands plains".split()
)
LOC_STARTS: Final = frozenset("mount lake cape gulf river bay isle".split())
GPE_ENDS: Final = frozenset(
    "county province district state republic kingdom township borough prefecture municipality parish".split()
)
EVENT_ENDS: Final = frozenset(
    "war cup games olympics festival summit conference championship championships election hurricane cyclone typhoon "
    "storm marathon derby open final tournament expo uprising revolution".split()
)
EVENT_STARTS: Final = frozenset("hurricane cyclone typhoon operation".split())
LAW_ENDS: Final = frozenset(
    "act bill treaty convention constitution code amendment directive accord protocol regulation ordinance statute".split()
)
WORK_ENDS: Final = frozenset("report prize award awards".split())
LANGUAGES: Final = frozenset(
    "english french spanish german arabic mandarin cantonese hindi urdu swahili tagalog portuguese russian japanese "
    "korean italian dutch turkish persian bengali tamil welsh maori yoruba hausa igbo malay latin greek hebrew".split()
)
#: Endings of adjectives of nations, faiths and parties.
NORP_ENDS: Final = ("ian", "ians", "ese", "ish", "ani", "anis", "crats", "cans", "lims", "tians", "ists")
NORP_WORDS: Final = frozenset(
    "democrat democrats democratic republican republicans muslim muslims christian christians jewish jews hindu hindus "
    "catholic catholics protestant protestants buddhist sikh sunni shia greens labour tories tory conservatives "
    "liberals socialist communist american americans african africans european europeans asian asians german germans "
    "french british greek greeks dutch spanish swiss czech iraqi iraqis israeli israelis pakistani afghan thai filipino "
    "filipinos arab arabs latino latinos hispanic aboriginal".split()
)
#: After one of these stands a place.
PLACE_BEFORE: Final = frozenset("in near from across outside around toward towards throughout".split())

#: Capitalised at the start of a sentence without being names.
COMMON_STARTS: Final = frozenset(
    "the a an this that these those it he she they we i you his her its their our my your there here in on at by for "
    "from to of with as if when while after before since until although though because but and or nor so yet not no "
    "yes what who whose which where why how all both each every some any many most more much few several one two three "
    "four five six seven eight nine ten last next first second third then now still also even just only once again "
    "meanwhile however instead indeed perhaps maybe later earlier today yesterday tomorrow during under over between "
    "among about against without within through despite according asked speaking neither either nobody nothing "
    "everyone everything someone something others another such like unlike let please well oh whether is are was were "
    "do does did has have had can could will would should may might must be being been nor than too very too ever never "
    "always often sometimes people police officials residents witnesses workers critics supporters experts prosecutors "
    "investigators authorities lawyers scientists researchers doctors teachers parents students families reporters "
    "government officials sources ministers correction update photo read see get make take give say says said "
    "asked under amid upon per via its it's that's there's he's she's they're we're i'm don't can't what's let's who's "
    "breaking exclusive analysis opinion explainer watch live monday tuesday wednesday thursday friday saturday sunday "
    "january february march april may june july august september october november december mr mrs ms dr".split()
)
WEEKDAYS_MONTHS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sept sep oct nov dec mondays tuesdays wednesdays "
    "thursdays fridays saturdays sundays christmas easter halloween thanksgiving gmt est edt pst utc am pm ad bc "
    "q1 q2 q3 q4 fy".split()
)
#: Small words inside a name.
INSIDE: Final = frozenset("of the de la del van von der den bin ibn al el y dos da di du le and for & ’n on".split())
#: Nouns for people and bodies that speak; the head of a nominal mention.
PERSON_NOUNS: Final = frozenset(
    "spokesman spokeswoman spokesperson official officials minister mayor president chairman chairwoman chair director "
    "professor lawyer lawyers attorney analyst economist engineer resident residents witness witnesses worker workers "
    "critic critics expert experts scientist scientists researcher researchers doctor doctors teacher teachers parent "
    "parents student students aide aides adviser advisers senator governor judge prosecutor prosecutors officer "
    "officers captain coach person people woman man source sources insider insiders leader leaders activist activists "
    "farmer farmers fisherman fishermen owner owners investor investors passenger passengers survivor survivors "
    "mother father son daughter brother sister uncle widow neighbour neighbours neighbor neighbors secretary "
    "commissioner executive executives diplomat diplomats candidate candidates voter voters chief deputy premier".split()
)
ORG_NOUNS: Final = frozenset(
    "company firm ministry agency council committee commission court union party group government department authority "
    "board bank university school hospital association organisation organization directorate administration team club "
    "police army corporation cooperative co-operative co-op charity newspaper operator regulator watchdog bureau "
    "maker manufacturer airline institute federation coalition inspectorate inquiry office".split()
)
PLACE_NOUNS: Final = frozenset(
    "city town country county province state district village island capital region nation".split()
)
