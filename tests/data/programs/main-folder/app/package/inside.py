from .deep import WORD

__all__ = ["WORD"]
