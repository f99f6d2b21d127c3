"""Wording an opinion may not use: comfort against what was found, and orders, links or markup for the reader."""

from __future__ import annotations

import re
import unicodedata

_DEGREE = r"(?:(?:real|big|serious|major|significant|critical|pressing|particular) )?"
_PUT_OFF = (
    r"(?:ignored?|skip(?:ped)?|postponed?|deferr?(?:ed)?|wait|left|leave|dismiss(?:ed)?|disregard(?:ed)?|delay(?:ed)?|"
    r"deployed|shipped|released|trusted)"
)
_WEIGHTY = (
    r"(?:urgent|critical|serious|severe|important|concern\w*|problem|issue|blocker|risk|worrying|alarming|"
    r"necessary|needed|required|dangerous)"
)
_FOUND = r"(?:findings?|warnings?|issues?|problems?|leaks?|leakage|faults?|gaps?|risks?|weakness(?:es)?|[a-z]{2,5} ?\d{3,4})"
_SLIGHT = r"(?:minor|unimportant|irrelevant|superficial|tolerable|acceptable|manageable|moot|theoretical|hypothetical|fine(?! (?:tun|grain))|ok|okay)"
_OVER = (
    r"(?:small|slight|stylistic|intended|intentional|expected|resolved|fixed|closed|addressed|mitigated|handled|solved|settled|obsolete)"
)
_BE = r"(?:is|are|was|were|seems?|looks?|has been|have been) (?:only |just |merely |rather |quite |very |all |already |indeed )*"
REASSURANCE = re.compile(
    "|".join(
        (
            rf"\b{_FOUND} {_BE}{_OVER}\b",
            rf"\b(?:{_FOUND}|features?|target|rest|it|this|that|they|these) {_BE}(?:\w+ and )?{_SLIGHT}\b",
            rf"\b(?:treat|consider|regard|mark|view|count|see) (?:\w+ ){{1,4}}as (?:\w+ )?(?:done|harmless|{_SLIGHT}|{_OVER})\b",
            r"\b(?:do|does|did|will|would) (?:not|hardly|barely) (?:really |actually |much )?(?:matter|hurt|harm|affect)\b",
            r"\b(?:of|is) (?:little|no|minor|low) (?:consequence|importance|concern|relevance|significance|impact)\b",
            r"\blittle (?:left )?to (?:fix|do|worry|improve|change)\b",
            r"\b(?:only|just|merely|simply|but) (?:an? )?(?:\w+ )?(?:formality|formalities|detail|details|nuance|technicality|matter of style|polish)\b",
            r"\bnon (?:critical|urgent|blocking|serious|essential)\b|\bstylistic\b|\bnitpicks?\b",
            r"\bgo(?:ing)? ahead\b|\b(?:proceed|continue) with (?:the |this |a )?(?:\w+ )?(?:release|deployment|launch|rollout|model|training)\b",
            r"\bwithout (?:further |any )?(?:review|checks?|changes|hesitation|concern|delay for fixes)\b",
            r"\b(?:can|could|may|might|should) (?:also |well |safely )?(?:be (?:done|fixed|addressed|closed|handled) )?(?:later|afterwards|eventually)\b",
            r"\b(?:come|comes|is fine|are fine|works|happen) (?:later|eventually|in due course)\b|\bwaiting is (?:fine|ok|okay|possible|safe)\b",
            r"\b(?:urgency|severity|priority|levels?) (?:can|could|should|may|might|is|are)(?: be)? (?:relaxed|lowered|reduced|downgraded|softened)\b",
            r"\bscore (?:(?:should|could|must|ought to|deserves to) be (?:higher|better|raised|increased)|is (?:unfair|unjust|too (?:low|strict|harsh)))\b",
            r"\b(?:do|does|need) not need to (?:act|fix|change|do|worry|hurry|retrain|wait|address|be)\b|\bno immediate\b",
            r"\b(?:excellent|outstanding|impressive|flawless|exemplary|top notch|world class|immaculate|superb|stellar|praiseworthy|praise)\b",
            r"\b(?:good|great|fine|perfect|solid|strong|healthy) (?:shape|condition|state|standing|order)\b|\bstate of the art (?:level|performance|results?)\b",
            r"\b(?:is|are|was|looks|seems|nearly|almost|virtually|simply) perfect(?:ly)?\b(?! (?:predict|correlat|separat))",
            rf"\bnot (?:very |that |so |all that |a |an |too |really |especially |particularly |terribly )*{_WEIGHTY}\b",
            r"\bno (?:further |immediate |real )?(?:actions?|changes?|fix(?:es)?|work|steps?|intervention)"
            r"(?: is| are)? (?:needed|required|necessary|to take)",
            r"\bno (?:urgency|hurry|rush|cause for (?:concern|alarm)|reason to (?:worry|act|block|wait)|need (?:to|for))",
            r"\bneed not be (?:fixed|addressed|changed)",
            r"\bnothing (?:\w+ )?to (?:fix|worry|do|address|see|change)\b",
            rf"\bno {_DEGREE}(?:problems?|issues?|risks?|concerns?|leaks?|leakage|weakness\w*|blockers?)\b"
            r"(?! (?:trackers?|tracking|assessments?|checks?|tests?|templates?|detection|detectors?|register|analysis))",
            r"\b(?:safe|fine|okay|ok|acceptable|alright) to "
            r"(?:ignore|skip|leave|ship|deploy|release|postpone|defer|disregard|use|trust|proceed|merge|run)",
            rf"\b(?:can|may|could|should|might) (?:safely |simply |just |all |easily |well )*(?:be )?(?:safely |simply )?{_PUT_OFF}\b",
            r"\b(?:ignore|disregard|dismiss|skip|postpone|defer) (?:this|these|that|the|all|any|every) (?:\w+ )?"
            r"(?:findings?|warnings?|issues?|problems?|alarms?|leak\w*)",
            r"\b(?:production|deployment|deploy|release|launch|enterprise) ?ready\b",
            r"\bready (?:for|to) (?:be )?(?:\w+ )?"
            r"(?:production|deploy\w*|ship\w*|releas\w*|prime time|go live|launch\w*|use|users|customers)\b",
            r"\b(?:harmless|negligible|trivial|cosmetic|insignificant|benign|nonissue|non issue)\b",
            r"\b(?:overstated|exaggerated|nitpick\w*|overblown)\b",
            r"\bfalse (?:positives?|alarms?)\b|\b(?:all|good|clear) (?:good|clear|to go)\b|\bship it\b|\bworks as intended\b",
            r"\beverything (?:is|looks|seems) (?:\w+ )?(?:fine|good|ok|okay|well|healthy|in order|sound|solid)\b",
            r"\b(?:results?|numbers?|metrics?|scores?|evaluation|model|pipeline) (?:is|are|can be) (?:\w+ )?"
            r"(?:trustworthy|trusted|reliable|valid|sound|healthy|safe)\b",
        )
    )
)
_NEGATED = re.compile(
    r"\b(?:not|never|hardly|far from|before|until|unless|after|once|when|nor|neither|nothing|by no means)(?: (?!only\b|just\b|merely\b)\w+){0,3} ?$"
)
_STARTS_NEGATED = ("not", "no ", "nothing", "need not")

_ADDRESS = re.compile(
    r"\b(?:https?|ftp|file|ssh|git|wss?)\s*:\s*//|\bwww\.|\b(?:javascript|mailto|vbscript)\s*:|\bdata:\w+/|[\w.+-]+@[\w-]+\.\w|"
    r"\b[a-z0-9-]+\.(?:com|net|org|info|xyz|ru|cn|biz|top|dev)\b|\b[a-z0-9-]+\.(?:io|ai|app|co|gg|me|ly|gl)/|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)
_MARKUP = re.compile(r"!?\[[^\]\n]{0,300}\]\s?[(\[:]|<[/!?a-z]|&#?\w{1,20};|```|^\s{0,3}#{1,6}\s|\|\s?-{3}")
_COMMAND = re.compile(
    "|".join(
        (
            r"\b(?:curl|wget|sudo|chmod|chown|powershell|invoke-webrequest|iex|ncat|crontab|scp|kubectl|npx|certutil)\b",
            r"\brm -|\b(?:ba|z)?sh (?:-|<|\S+\.sh)|\|\s*(?:ba|z)?sh\b|\$\(|&&|\bexport \w+=|\bbase64 -|\bssh \S+@",
            r"\b(?:eval|exec|system|popen)\s?\(|\bos\.system|\bsubprocess\.",
            r"\bpip3? install|\bconda install|\bnpm i(?:nstall)?\b|\buv (?:add|pip|run|tool)\b|\bpoetry (?:add|install)",
            r"\bapt(?:-get)? install|\bbrew install|\bdocker (?:run|pull|exec|build)",
            r"\bgit (?:clone|push|pull|reset|checkout|config)|\bpython3? (?:-\w|\S+\.py)",
        )
    )
)
_ORDER = re.compile(
    "|".join(
        (
            r"\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |my |these |those |every )*"
            r"(?:previous|prior|above|earlier|preceding|other|system|foregoing|instructions?|rules?|prompts?|guidelines?)",
            r"\bsystem prompt\b|\b(?:as|i am|i'm) an? (?:ai|assistant|language model|llm)\b",
            r"\byou are (?:now )?(?:an?|the) (?:\w+ )?(?:ai|assistant|language model|model|chatbot)",
            r"\b(?:new|updated|following) instructions?\b|\bdeveloper mode\b|\bjailbreak|<\||\[/?inst\]|\b(?:begin|end) (?:of )?data\b",
            r"\b(?:score|rate|grade|mark) (?:it|this|the repository|this repository) (?:as )?(?:\d|ten|full|top|perfect)",
            r"\b(?:perfect|full|top|maximum) (?:score|marks|rating)\b",
            r"\b(?:send|upload|post|email|paste|share|leak|exfiltrate|print|reveal) (?:\w+ ){0,4}"
            r"(?:keys?|tokens?|credentials?|passwords?|secrets?|prompt)\b",
            r"\binstall(?:ing)? (?:the |a |this )?(?:\w+ )?(?:package|library|plugin|extension|tool|script) (?:named|called)\b",
            r"\b(?:contact|reach out to|write to|call|phone|message) (?:the |its |an? |our )?(?:author|maintainers?|support|owner|admin\w*|hotline)\b",
            r"\b\w+ (?:dot|\(dot\)|\[dot\]) (?:com|org|net|io|ai|dev|app|info)\b",
            r"\b(?:visit|navigate to|click|scan the qr|subscribe to)\b",
            r"\b(?:disable|turn off|switch off|remove|delete|bypass) (?:the |all |any |your )*"
            r"(?:critic|sandbox|security|checks?|tests?|validation|antivirus|firewall|monitoring|gates?)\b",
        )
    )
)
_KINDS = {"an address": _ADDRESS, "markup": _MARKUP, "a command": _COMMAND, "an order": _ORDER}
_SUSPICIOUS = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:\w+ ){0,4}(?:instructions?|rules?|prompts?|above|previous)|"
    r"\byou (?:must|are|should|shall|will)\b|\b(?:say|reply|respond|answer|write|output|repeat|print) (?:that|with|only|exactly|the)\b|"
    r"\bsystem prompt\b|\b(?:assistant|language model|llm)s?\b"
)
OVERLAP_WORDS = 4
"""So many words in a row taken from a line of the repository that speaks to a model count as passing it on."""


def find_reassurance(text: str) -> list[str]:
    """Phrases that make light of what was found; "not ready for production" is none."""
    plain = plain_words(text)
    found = []
    for match in REASSURANCE.finditer(plain):
        clause = re.split(r"[.,;:!?]", plain[: match.start()])[-1]
        if match[0].startswith(_STARTS_NEGATED) or not _NEGATED.search(clause):
            found.append(match[0])
    return found


def find_orders(text: str, allowed: str = "") -> list[tuple[str, str]]:
    """What kind of thing it is and the words: addresses, markup, commands and orders. Commands standing in `allowed` may be repeated."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    permitted = _squeezed(allowed)
    found = []
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(plain):
            following = re.match(r"\S*(?:\s+\S+)?", plain[match.end() :])
            whole = _squeezed(match[0] + (following[0] if following else "")).rstrip(".,;:!?`\"')")
            if kind != "a command" or whole not in permitted:
                found.append((kind, match[0].strip()))
    return found


def repeated_orders(text: str, repository_lines: list[str]) -> list[str]:
    """Words taken over from lines of the repository that speak to a model."""
    said = re.findall(r"\w+", text.casefold())
    runs = {tuple(said[i : i + OVERLAP_WORDS]) for i in range(len(said) - OVERLAP_WORDS + 1)}
    found = []
    for line in repository_lines:
        if not _SUSPICIOUS.search(line.casefold()):
            continue
        theirs = re.findall(r"\w+", line.casefold())
        found += [" ".join(run) for i in range(len(theirs) - OVERLAP_WORDS + 1) if (run := tuple(theirs[i : i + OVERLAP_WORDS])) in runs]
        quoted = [*re.findall(r"[\"'“‘`]([^\"'”’`]{3,80})[\"'”’`]", line), *re.findall(r"\b[A-Z][A-Z_-]{4,}\b", line)]
        found += [phrase for phrase in quoted if phrase.casefold() in text.casefold()]
    return list(dict.fromkeys(found))


def plain_words(text: str) -> str:
    """Lower case, one space between words, contractions written out, hyphens and emphasis gone."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    plain = re.sub(r"\bcan't\b|\bcannot\b", "can not", re.sub(r"\bwon't\b", "will not", plain))
    plain = re.sub(r"n't\b", " not", plain)
    return re.sub(r"\s+", " ", re.sub(r"[-_*~\"“”'‘()\[\]/–—]", " ", plain)).strip()


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold()).strip()
