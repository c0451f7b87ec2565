"""Which values of one type are values of another, and what two types have in common."""

from __future__ import annotations

from collections.abc import Sequence

from ...models.language import Process
from .types import (
    BagT,
    Int,
    MapT,
    Never,
    NoneT,
    OptionalT,
    ProcessT,
    ProtocolT,
    RecordT,
    RefT,
    SentT,
    SeqT,
    SetT,
    TupleT,
    Type,
)


def fits(actual: Type, wanted: Type) -> bool:
    """Whether each value of `actual` is a value of `wanted`, bounds aside."""
    match actual, wanted:
        case Never(), _:
            return True
        case OptionalT(item=a), OptionalT(item=b):
            return fits(a, b)
        case _, OptionalT(item=b):
            return isinstance(actual, NoneT) or fits(actual, b)
        case RefT(cls=a), RefT(cls=b):
            return issubclass(a, b) or issubclass(b, a)
        case TupleT(items=a), TupleT(items=b):
            return len(a) == len(b) and all(map(fits, a, b))
        case TupleT(items=a), SeqT(item=b):
            return all(fits(x, b) for x in a)
        case (SeqT(item=a), SeqT(item=b)) | (SetT(item=a), SetT(item=b)) | (BagT(item=a), BagT(item=b)):
            return fits(a, b)
        case MapT(), MapT():
            return fits(actual.key, wanted.key) and fits(actual.value, wanted.value)
        case ProcessT(classes=a), ProcessT(classes=b):
            return set(a) <= set(b)
        case ProtocolT(), ProtocolT():
            return True
    return plain(actual) == plain(wanted)


def plain(type_: Type) -> Type:
    """The type without bounds, and without the class of an identity; records are known by their class."""
    match type_:
        case Int():
            return Int()
        case RefT():
            return RefT(Process)
        case RecordT(cls=cls):
            return RecordT(cls, (), (), type_.is_message)
        case SeqT(item=item):
            return SeqT(plain(item))
        case OptionalT(item=item) | SetT(item=item) | BagT(item=item):
            return type(type_)(plain(item))
        case TupleT(items=items):
            return TupleT(tuple(map(plain, items)))
        case MapT(key=key, value=value):
            return MapT(plain(key), plain(value))
        case SentT(message=message):
            return SentT(RecordT(message.cls, (), (), True))
    return type_


def join(a: Type, b: Type) -> Type | None:
    """The least type that both fit, None if there is none."""
    if fits(a, b):
        return Int() if isinstance(b, Int) and a != b else b
    if fits(b, a):
        return a
    match a, b:
        case (NoneT(), item) | (item, NoneT()):
            return item if isinstance(item, OptionalT) else OptionalT(item)
        case (OptionalT(item=x), y) | (y, OptionalT(item=x)):
            inner = join(x, y.item if isinstance(y, OptionalT) else y)
            return inner and OptionalT(inner)
        case (SeqT(item=x), SeqT(item=y)) | (SetT(item=x), SetT(item=y)) | (BagT(item=x), BagT(item=y)):
            inner = join(x, y)
            return inner and _collection(a, inner)
        case TupleT(items=xs), TupleT(items=ys) if len(xs) == len(ys):
            return _whole([join(x, y) for x, y in zip(xs, ys, strict=True)])
        case ((TupleT() | SeqT()), (TupleT() | SeqT())):
            inner = join_all([item for side in (a, b) for item in parts(side)])
            return inner and SeqT(inner)
        case MapT(), MapT():
            key, value = join(a.key, b.key), join(a.value, b.value)
            return MapT(key, value) if key and value else None
        case ProcessT(classes=xs), ProcessT(classes=ys):
            return ProcessT(tuple(dict.fromkeys((*xs, *ys))))
    return None


def _collection(like: Type, item: Type) -> Type:
    return SeqT(item) if isinstance(like, SeqT) else SetT(item) if isinstance(like, SetT) else BagT(item)


def _whole(items: list[Type | None]) -> TupleT | None:
    found = tuple(item for item in items if item is not None)
    return TupleT(found) if len(found) == len(items) else None


def join_all(types: Sequence[Type]) -> Type | None:
    """The least type that all of these fit, None if there is none; of none, `Never`."""
    result: Type | None = Never()
    for each in types:
        result = result and join(result, each)
    return result


def item_of(type_: Type) -> Type | None:
    """What iterating over a value gives, None if it cannot be iterated over."""
    match type_:
        case SeqT(item=item) | SetT(item=item) | BagT(item=item):
            return item
        case MapT(key=key):
            return key
        case TupleT(items=items):
            return join_all(list(items))
    return None


def parts(type_: Type) -> tuple[Type, ...]:
    """The types that values of this one are made of."""
    match type_:
        case SeqT(item=item) | SetT(item=item) | BagT(item=item) | OptionalT(item=item):
            return (item,)
        case MapT(key=key, value=value):
            return (key, value)
        case TupleT(items=items) | RecordT(items=items):
            return items
        case SentT(message=message):
            return (message,)
    return ()
