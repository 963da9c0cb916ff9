"""Requests as jsonrpcserver serves them, one a line."""

import sys

from answers import ANSWERS
from jsonrpcserver import Success, dispatch

METHODS = {
    name: (lambda answer: lambda **params: Success(answer(params)))(answer) for name, answer in ANSWERS.items()
}
for line in sys.stdin:
    print(dispatch(line, methods=METHODS), flush=True)
