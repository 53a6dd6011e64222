"""Operations, one family a file: public function, kernel, shape rule and gradient side by side."""

from __future__ import annotations

__all__: list[str] = []
