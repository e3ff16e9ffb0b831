"""Words of the Google Trends page in its languages, in lower case; an unknown one is asked about and never guessed."""


def _listed(text: str) -> frozenset[str]:
    """The words between the bars."""
    return frozenset(word.strip() for line in text.split("\n") for word in line.split("|") if word.strip())


_MONTH = """
month | monat | mes | mês | mois | mese | maand | miesiąc | месяц | місяць | ay | 月 | 월 | tháng | bulan
เดือน | månad | måned | kuukausi | měsíc | mesiac | hónap | lună | luna | μήνας | месец | mjesec | mesec | mėnuo
mēnesis | kuu | شهر | الشهر | חודש | ماه | महीना
"""
_WEEK = """
week | woche | semana | semaine | settimana | tydzień | неделя | тиждень | hafta | 週 | 周 | 주 | tuần | minggu
สัปดาห์ | vecka | uge | uke | viikko | týden | týždeň | hét | săptămână | săptămâna | εβδομάδα | седмица
tjedan | nedelja | teden | savaitė | nedēļa | nädal | أسبوع | الأسبوع | שבוע | هفته | setmana | सप्ताह
"""
_DAY = """
day | tag | día | dia | jour | giorno | dag | dzień | день | gün | 日 | 일 | ngày | hari | วัน | päivä | den
deň | nap | zi | ziua | ημέρα | ден | dan | diena | päev | يوم | اليوم | יום | روز | दिन
"""
_HOUR = """
time | uhrzeit | zeit | hora | heure | ora | tijd | godzina | время | час | saat | 時間 | 时间 | 시간 | tid
aika | čas | idő | timp | ώρα | vrijeme | vreme | laikas | laiks | aeg | الوقت | זמן | زمان | समय
"""
_GRAIN_WORDS = {"month": _MONTH, "week": _WEEK, "day": _DAY, "hour": _HOUR}
GRAINS = {word: grain for grain, words in _GRAIN_WORDS.items() for word in _listed(words)}

WORLD = _listed(
    """
worldwide | weltweit | todo el mundo | todo o mundo | dans tous les pays | tutto il mondo | wereldwijd
по всему миру | весь мир | по всьому світу | у всьому світі | cały świat | dünya geneli | tüm dünya | すべての国
全球 | 全世界 | 전 세계 | 전세계 | hela världen | hele verden | koko maailma | maailmanlaajuinen | celosvětově
celý svět | celosvetovo | celý svet | világszerte | la nivel mondial | παγκοσμίως | по целия свят
diljem svijeta | cijeli svijet | po vsem svetu | pasaulyje | visā pasaulē | kogu maailm | seluruh dunia
di seluruh dunia | toàn cầu | trên toàn thế giới | ทั่วโลก | arreu del món | buong mundo | في جميع أنحاء العالم
جميع أنحاء العالم | כל העולם | ברחבי העולם | سراسر جهان | दुनिया भर में | world | global
"""
)
ALL_CATEGORIES = _listed(
    """
all categories | alle kategorien | toutes les catégories | todas las categorías | todas as categorias
tutte le categorie | alle categorieën | wszystkie kategorie | все категории | усі категорії | всі категорії
tüm kategoriler | すべてのカテゴリ | すべてのカテゴリー | 所有類別 | 所有类别 | 所有分类 | 全部类别
모든 카테고리 | alla kategorier | alle kategorier | kaikki luokat | všechny kategorie | všetky kategórie
minden kategória | az összes kategória | toate categoriile | όλες οι κατηγορίες | всички категории
sve kategorije | све категорије | vse kategorije | visos kategorijos | visas kategorijas | kõik kategooriad
semua kategori | tất cả danh mục | tất cả các danh mục | หมวดหมู่ทั้งหมด | ทุกหมวดหมู่ | جميع الفئات | كل الفئات
כל הקטגוריות | همه دسته‌ها | सभी श्रेणियां | सभी श्रेणियाँ | totes les categories | lahat ng kategorya | all
"""
)
# What stands over countries: the table is of the whole world.
COUNTRIES = _listed(
    """
country | land | pays | país | paese | kraj | страна | країна | ülke | 国 | 國家 | 国家 | 국가 | negara | quốc gia
ประเทศ | země | krajina | ország | țară | χώρα | maa | държава | država | riik | valsts | šalis | الدولة
البلد | מדינה | देश
"""
)
# What stands over places where a header has no range of days: the page of 2026, and pytrends.
PLACES = _listed(
    """
country | region | subregion | sub-region | city | metro | dma | state | province | geoname | location | land
stadt | pays | région | ville | país | región | ciudad | região | cidade | paese | regione | città | stad
regio | kraj | miasto | страна | регион | город | країна | регіон | місто | ülke | bölge | şehir | 国 | 地域
都市 | 國家/地區 | 国家/地区 | 國家 | 国家 | 地區 | 地区 | 城市 | 국가 | 지역 | 도시 | negara | quốc gia
khu vực | ประเทศ | ภูมิภาค | země | krajina | ország | țară | χώρα | maa
"""
)
