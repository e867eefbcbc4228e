"""The language of a text, for sorting a queue by it: told by its script and its small words.

A library was measured first: it reads languages better in texts of two words, but takes 74 MB
and half a second to load in every process. The words here are those that people cannot write a
sentence without; a text that has too few of them is left without a language.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from app.engines.spam.scripts import LATIN, script

LONGEST_READ = 2000
FEWEST_HITS = 2.0
"""What the small words of a language must add up to before it is named."""
AHEAD = 1.3
"""How many times as much as the next language's."""

_SMALL_WORDS = {
    "en": "the and is are was were you your that this these those it its with for have has had not"
    " but what when how why my me i a of to in on be been do does did can could should would will"
    " if or so just they there from at as an am about because than them which who any some after",
    "de": "der die das und ist sind war ich du er sie es wir ihr nicht ein eine einen einem einer"
    " mit für auf auch aber wenn wie was wo warum mein meine dein kann muss soll habe hat haben"
    " wird werden bei nach von vom zu zum zur im den dem des noch nur schon sehr oder dass sich",
    "fr": "le la les des du une un et est sont était je tu il elle nous vous ils ne pas que qui"
    " quoi avec pour dans sur mais ou où mon ma mes votre cette ce ces ça c'est j'ai quand comment"
    " pourquoi plus très bien aussi fait être avoir peut au aux d'un d'une merci qu'il",
    "es": "el la los las una un unos y es son era yo tú él ella nosotros que qué con para por en"
    " pero cuando cómo por mi mis su sus este esta esto muy más también no se me te lo le hay"
    " tengo tiene hace porque donde del al está están ser gracias hola si sí",
    "it": "il lo la gli le una un uno e è sono era io tu lui lei noi che chi con per di da in su"
    " ma quando come perché mio mia questo questa molto più anche non si mi ti ho ha hanno del"
    " della dei delle nel nella al alla degli ciao grazie essere fare",
    "pt": "o os as uma um uns e é são era eu tu ele ela nós você que quem com para por em no na nos"
    " nas mas quando como porque meu minha seu sua este esta isso muito mais também não se me do"
    " da dos das ao à está estou tem tenho fazer obrigado obrigada pelo pela",
    "nl": "de het een en is zijn was ik jij hij zij wij je we niet met voor op ook maar als hoe wat"
    " waar waarom mijn jouw kan moet heb heeft hebben wordt worden bij na van naar dit dat deze die"
    " nog wel al heel erg dan door uit geen er te aan om",
    "sv": "och är var jag du han hon vi ni det den de ett en att inte med för på men om när hur vad"
    " varför min mitt mina kan ska har hade av till från så också bara mycket eller som efter"
    " jätte tack finns blir får någon något mig dig sig",
    "da": "og er var jeg du han hun vi i det den de et en at ikke med for på men om når hvordan"
    " hvad hvorfor min mit mine kan skal har havde af til fra så også bare meget eller som efter"
    " tak findes bliver får nogen noget mig dig sig hvis",
    "no": "og er var jeg du han hun vi dere det den de et en ei å ikke med for på men om når"
    " hvordan hva hvorfor min mitt mine kan skal har hadde av til fra så også bare mye eller som"
    " etter takk finnes blir får noen noe meg deg seg hvis",
    "fi": "ja on ei se hän minä sinä me te he mutta kun jos miten mitä miksi missä minun sinun"
    " tämä tuo että kanssa olen olet ovat oli olla voi pitää vain myös niin kuin sitten hyvin"
    " paljon kiitos mikä mulla minulla jo nyt",
    "pl": "i w na z do nie jest są był była ja ty on ona my wy że co jak dlaczego gdzie kiedy mój"
    " moja moje ten ta to te się mnie mi dla po od za ale lub czy bardzo też także może mam ma"
    " przez przy jeśli już tylko dziękuję mogę",
    "cs": "a v na z do je jsou byl byla já ty on ona my vy že co jak proč kde když můj moje ten ta"
    " to se si mě mi pro po od za ale nebo také velmi mám má při jestli už jen děkuji mohu není"
    " jsem které který",
    "hu": "a az és egy nem van volt én te ő mi ti hogy mit mi miért hol mikor ez azt ezt is de vagy"
    " ha csak már még nagyon mert kell lehet vagyok köszönöm mint meg után minden ami akkor",
    "ro": "și si în este sunt era eu tu el ea noi voi că ce cum de la cu pe pentru dar dacă când"
    " unde meu mea un o ai are am au nu mai foarte sau din după fi poate acest această mulțumesc",
    "tr": "ve bir bu şu o ben sen biz siz için ile ne neden nerede ne zaman benim senin çok"
    " daha da de mi mu mü değil var yok ama veya gibi kadar sonra olarak teşekkürler en her şey",
}
_TELLING = {
    "de": "ß",
    "fr": "çœ",
    "es": "ñ¿¡",
    "pt": "ãõ",
    "da": "æ",
    "no": "æ",
    "pl": "łżźśćńąę",
    "cs": "ěřů",
    "hu": "őű",
    "ro": "șțăşţ",
    "tr": "ğış",
    "sv": "å",
    "fi": "ää",
}
"""Letters that hardly any other language of the list has: each in the text counts as a word."""
_BY_SCRIPT = {
    "Greek": "el",
    "Hebrew": "he",
    "Arabic": "ar",
    "Hangul": "ko",
    "Hiragana": "ja",
    "Katakana": "ja",
    "Cjk": "zh",
    "Thai": "th",
    "Devanagari": "hi",
    "Georgian": "ka",
    "Armenian": "hy",
    "Cyrillic": "ru",
}
_UKRAINIAN = frozenset("іїєґ")
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|`[^`]*`")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")


def _shares() -> dict[str, tuple[tuple[str, float], ...]]:
    """Each small word's languages; a word of several languages says less of each."""
    homes: dict[str, list[str]] = {}
    for language, words in _SMALL_WORDS.items():
        for word in set(words.split()):
            homes.setdefault(word, []).append(language)
    return {
        word: tuple((language, 1 / len(languages)) for language in languages)
        for word, languages in homes.items()
    }


_WORDS = _shares()
LANGUAGES = tuple(sorted({*_SMALL_WORDS, *_BY_SCRIPT.values(), "uk"}))


def language_of(source: str) -> str:
    """A code such as `en`; empty where the text is too short or too mixed to tell."""
    plain = _NOT_WORDS.sub(" ", source[:LONGEST_READ]).casefold()
    if not plain.isascii():
        scripts = Counter(script(letter) for letter in plain if letter.isalpha())
        main = scripts.most_common(1)
        if main and main[0][0] != LATIN:
            return _by_script(plain, scripts)
    return _by_words(plain)


def _by_script(plain: str, scripts: Counter[str]) -> str:
    main, count = scripts.most_common(1)[0]
    if count < 4 or (count < sum(scripts.values()) / 2 and main != "Cjk"):
        return ""
    if main == "Cyrillic" and _UKRAINIAN.intersection(plain):
        return "uk"
    if main == "Cjk" and scripts["Hiragana"] + scripts["Katakana"] > count / 10:
        return "ja"
    return _BY_SCRIPT.get(main, "")


def _by_words(plain: str) -> str:
    found: dict[str, float] = defaultdict(float)
    for word in _WORD.findall(plain):
        for language, share in _WORDS.get(word.replace("\u2019", "'"), ()):
            found[language] += share
    if not plain.isascii():
        for language, letters in _TELLING.items():
            found[language] += sum(letter in plain for letter in set(letters))
    ranked = sorted(found.items(), key=lambda one: -one[1])[:2]
    if not ranked or ranked[0][1] < FEWEST_HITS:
        return ""
    if len(ranked) > 1 and ranked[0][1] < AHEAD * ranked[1][1]:
        return ""
    return ranked[0][0]
