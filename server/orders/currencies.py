"""Why: an amount in no currency is no amount. The active codes of ISO 4217 without funds and metals."""

import re
from decimal import Decimal
from typing import Final

_CODES: Final = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES: Final = frozenset(_CODES.split())

_AMOUNT = re.compile(r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$")
_WHOLE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS: Final = "BHD IQD JOD KWD LYD OMR TND"
_DIGITS: Final = {
    **dict.fromkeys(_WHOLE.split(), 0),
    **dict.fromkeys(_THOUSANDTHS.split(), 3),
}


def shown(amount_minor: int, currency: str) -> str:
    """An amount in minor units as people read it: `24.88 EUR`, `2488 JPY`."""
    return f"{plain(amount_minor, currency)} {currency}"


def plain(amount_minor: int, currency: str) -> str:
    """An amount in minor units as others read it: `24.88`, `2488`."""
    digits = _DIGITS.get(currency, 2)
    if not digits:
        return str(amount_minor)
    whole, part = divmod(amount_minor, 10**digits)
    return f"{whole}.{part:0{digits}d}"


def exact(amount: Decimal, currency: str) -> int | None:
    """An amount in minor units, or None where the currency has not so many decimals: nothing is rounded."""
    minor = amount.scaleb(_DIGITS.get(currency, 2))
    return int(minor) if minor == minor.to_integral_value() else None


def minor(text: str, currency: str) -> int | None:
    """An amount as others write it (`24.88`), in minor units; None where it is none, or not exactly so many of them."""
    return exact(Decimal(text), currency) if _AMOUNT.match(text) else None
