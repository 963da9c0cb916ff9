import P2MProtocol

extension ProtocolEmitter {
  /// The module `p2mlab._protocol` of the Python client: results as classes, and a method a method.
  package static func python() -> String {
    var types = PythonTypes()
    let calls = PythonCalls(&types)
    let names = types.names.sorted().map { "    \"\($0)\",\n" }.joined()
    return """
      \"\"\"Results, parameters and calls, as the protocol declares them.

      Made by `p2mlab schema python` (`make protocol`); not to be edited.
      \"\"\"

      from __future__ import annotations

      from dataclasses import dataclass
      from typing import (
          Any,
          Callable,
          ClassVar,
          Dict,
          List,
          Literal,
          Mapping,
          Optional,
          Sequence,
          Set,
          Tuple,
          TypeVar,
          Union,
      )

      from .frames import GFN, MFN, read_gfn, read_mfn, write_gfn, write_index, write_mfn
      from .pending import Pending, Progress
      from .values import Later, as_is, given, make, nothing

      __all__ = [
      \(names)]

      T = TypeVar("T")

      \(types.choices)\(types.classes)

      \(types.unions)\(types.functions)\(calls.text)
      """
  }
}
