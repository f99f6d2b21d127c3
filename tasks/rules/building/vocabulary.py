"""Words that mean the same in objectives and column names: abbreviations, synonyms, opposites. Stems, not whole words."""

from __future__ import annotations

from tasks.rules.building.english import stem, word_set

ABBREVIATIONS = {
    "cnt": "count", "qty": "quantity", "amt": "amount", "num": "number", "nb": "number", "no": "number", "pct": "percent", "avg": "average",
    "temp": "temperature", "dep": "departure", "arr": "arrival", "sal": "salary", "hrs": "hours", "hr": "hour", "mins": "minutes",
    "min": "minutes", "dur": "duration", "dist": "distance", "wt": "weight", "ht": "height", "val": "value", "med": "median", "tot": "total",
    "prob": "probability", "cust": "customer", "prod": "product", "acct": "account", "txn": "transaction", "yr": "year", "mo": "month",
    "mth": "month", "conc": "concentration", "rev": "revenue", "consump": "consumption", "hum": "humidity", "pop": "population",
    "mpg": "mileage", "resp": "response", "diag": "diagnosis", "len": "length", "lat": "latitude", "lon": "longitude",
}  # fmt: skip
"""Of column names. What it stands for counts as a word of the name too."""

_SYNONYMS = (
    "price cost value worth amount fare fee charge charges premium valuation expensive rent",
    "churn exit exited attrition leave left leaving cancel cancelled cancellation canceled quit turnover unsubscribe lapse retention",
    "survive survived alive die died dead death mortality deceased perish fatal fatality",
    "default bad delinquent delinquency repay repaid unpaid nonpayment risk creditworthy",
    "income earn earnings salary wage wages pay compensation",
    "count number many demand rental rentals rented quantity total volume ridership",
    "fraud fraudulent scam fake suspicious",
    "click clicked ctr",
    "convert conversion converted purchase purchased buy bought order ordered revenue",
    "subscribe subscribed subscription deposit",
    "disease diagnosis sick ill condition malignant cancer tumor tumour outcome diabetes diabetic",
    "fail failed failure fault faulty breakdown broken defect defective",
    "species kind type variety category breed",
    "rating score stars quality grade",
    "sale sales revenue sold turnover units",
    "delay delayed late lateness",
    "duration time long minutes length",
    "consumption energy load power usage electricity demand",
    "readmit readmitted readmission return",
    "direction up down rise fall movement",
    "mpg mileage economy consumption efficiency",
    "sentiment mood polarity opinion",
    "win won winner winning victory result",
    "approve approved approval accept accepted granted",
    "spam junk unwanted",
    "align alignment",
    "occupancy occupied",
    "gender sex",
    "race ethnicity",
    "age old",
    "customer client user member subscriber account",
    "patient subject case",
    "shop store branch",
    "strength resistance",
    "rain rainy",
    "accident crash collision",
    "admit admitted admission",
    "hire hired recruited",
    "pollution pm",
)
SYNONYMS: dict[str, frozenset[str]] = {}
for _line in _SYNONYMS:
    _stems = frozenset(stem(w) for w in _line.split())
    for _s in _stems:
        SYNONYMS[_s] = SYNONYMS.get(_s, frozenset()) | _stems

GENERIC_TARGETS = (
    "target",
    "label",
    "class",
    "y",
    "outcome",
    "response",
    "dependent",
    "groundtruth",
    "truth",
    "labels",
    "classes",
    "result",
    "output",
)
"""Names a table gives its target when the objective speaks of something else; in the order of trust."""
POSITIVE_WORDS = word_set(
    "1 1.0 yes true t y positive pos churned churn exited left cancelled bad fraud fraudulent default defaulted malignant m sick disease ill fail failed failure "
    "faulty defective spam late delayed abnormal anomaly attack survived won win accepted approved clicked converted purchased subscribed high "
    "up present case diseased event died dead pass"
)
NEGATIVE_WORDS = word_set(
    "0 0.0 no false f n negative neg stayed existing retained good legit legitimate genuine normal benign healthy ham absent control low none ok down"
)
_OPPOSITES = (
    ("survive survived survivor alive live", "die died dead death perish perished mortality deceased fatal"),
    ("churn leave left exit exited cancel quit attrition attrited", "stay stayed retain retained remain loyal"),
    ("default bad delinquent", "repay repaid good paid"),
    ("fail failed failure", "pass passed succeed success"),
    ("win won", "lose lost"),
    ("rise up increase", "fall down decrease drop"),
    ("approve approved accept accepted", "reject rejected deny denied decline declined refuse refused"),
    ("fraud fraudulent", "legitimate genuine"),
)
OPPOSITES = tuple((frozenset(map(stem, a.split())), frozenset(map(stem, b.split()))) for a, b in _OPPOSITES)

LITTLE_WORDS = word_set(
    "a an the of in on at to for by with from and or is are was be been will would can could should must may i we you they it its this that these those "
    "which who whom whose what whether when where how if as into per each every all any more less than not no do does did our my your their me us so"
)
