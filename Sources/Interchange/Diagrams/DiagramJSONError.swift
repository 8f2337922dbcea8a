import DiagramIR

/// Why a JSON text is no diagram, and where.
public struct DiagramJSONError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Fault: Hashable, Sendable {
    /// The text is not JSON.
    case syntax(JSONError)
    /// Something else stands where `expected` should.
    case mismatch(expected: String, found: String)
    /// An object lacks a member.
    case missingMember(String)
    /// An object has a member that means nothing there.
    case unknownMember(String, known: [String])
    /// A symbol is declared twice.
    case duplicate(String, kind: String)
    /// A symbol is used and not declared; a diagram must be declared before it is used.
    case undeclared(String, kind: String)
    /// A position is outside the list that it counts in.
    case outOfRange(Int, count: Int, list: String)
    /// A size can't be computed.
    case size(String, SizeError)
    /// A name that stands for two different things.
    case label(String, reason: String)
    /// Bodies are nested deeper than `DiagramBuilder.maximumNesting`.
    case nesting
    /// The diagram breaks an invariant.
    case invariant(DiagramFault)
  }

  /// The file, as the user gave it.
  public let path: String
  /// The place in the text, such as `definitions[2].diagram.boxes[7].inputs[0]`; empty for the whole text.
  public let location: String
  /// What is wrong.
  public let fault: Fault

  init(at location: JSONLocation, _ fault: Fault) {
    (path, self.location) = location.written
    self.fault = fault
  }
}

extension DiagramJSONError: CustomStringConvertible {
  /// The file, the place, what is wrong, what was expected and found, in one line without a full stop.
  public var description: String {
    ([location.isEmpty ? path : "\(path): \(location)", message] + notes).joined(separator: ": ")
  }

  /// What is wrong, without the place.
  public var message: String {
    switch fault {
    case .syntax(let error): "\(error)"
    case .mismatch(let expected, let found): "expected \(expected), found \(found)"
    case .missingMember(let key): "the member \"\(key)\" is missing"
    case .unknownMember(let key, _): "unknown member \(JSONNode.quoted(key))"
    case .duplicate(let name, let kind): "the \(kind) '\(name)' is declared twice"
    case .undeclared(let name, let kind): "the \(kind) '\(name)' is not declared"
    case .outOfRange(let position, _, let list): "there is no \(list) \(position)"
    case .size(let text, .overflow): "the size \(JSONNode.quoted(text)) has a number over 64 bits"
    case .size(let text, .tooManyTerms): "the size \(JSONNode.quoted(text)) is too long"
    case .label(let label, let reason): "the label '\(label)' means two things: \(reason)"
    case .nesting: "bodies are nested too deep"
    case .invariant(let fault): fault.description
    }
  }

  /// What was expected, where the message doesn't say it.
  public var notes: [String] {
    switch fault {
    case .unknownMember(_, let known): ["expected one of \(known.joined(separator: ", "))"]
    case .undeclared(_, "diagram"): ["expected a diagram that is declared earlier"]
    case .outOfRange(_, 0, let list): ["expected none, since the list of \(list)s is empty"]
    case .outOfRange(_, let count, _): ["expected 0 to \(count - 1)"]
    case .size(_, .tooManyTerms): ["expected at most \(Size.maximumTerms) terms"]
    case .nesting: ["expected at most \(DiagramBuilder.maximumNesting) levels"]
    default: []
    }
  }
}
