import DiagramIR
import Testing

@testable import Interchange

/// Changes documents and expects certain errors.
protocol DiagramFaultExpectation: Sendable {}

extension DiagramFaultExpectation {
  var inner: [JSONValue] { ["definitions", 0, "diagram"] }
  var outer: [JSONValue] { ["definitions", 1, "diagram"] }
  var innerText: String { "definitions[0].diagram" }
  var outerText: String { "definitions[1].diagram" }

  func error(_ bytes: [UInt8]) -> DiagramJSONError? {
    do {
      _ = try DiagramJSON.decode(bytes, path: "x.json")
      return nil
    } catch {
      return error
    }
  }

  /// Requires that the change makes decoding fail at this place with this fault.
  func expect(
    _ path: [JSONValue], _ new: JSONValue?, in document: JSONValue = DiagramDocuments.value,
    at location: String, _ fault: DiagramJSONError.Fault,
    _ source: SourceLocation = #_sourceLocation
  ) {
    #expect(error(document.compactBytes) == nil, sourceLocation: source)
    let found = error(document.setting(path, to: new).compactBytes)
    #expect(found?.fault == fault, sourceLocation: source)
    #expect(found?.location == location, sourceLocation: source)
    #expect(found?.path == "x.json", sourceLocation: source)
  }
}
