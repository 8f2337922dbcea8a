import DiagramIR

extension RewritingError: CustomStringConvertible {
  /// What went wrong, and what to do about it.
  public var description: String {
    switch self {
    case .undeclaredRule(let symbol): "rule '\(symbol.name)' is not declared"
    case .undeclaredDiagram(let symbol): "diagram '\(symbol.name)' is not declared"
    case .relation(let law, let relation):
      "'\(law)' is a '\(relation.rawValue)' rule; here only exact rules (==) are applied: use it in a "
        + "step of a derivation"
    case .unjustified(let law, let relation):
      "'\(law)' claims '\(relation.rawValue)', but no substitution for its learned boxes was found that "
        + "proves it: correct it, or cite a proof with 'cited \"…\"'"
    case .notCertified(let law, let relation):
      "here '\(law)' doesn't prove '\(relation.rawValue)': its learned boxes occur elsewhere as well, or "
        + "have lanes of their own"
    case .labelElsewhere(let law, let label):
      "'\(law)' cites a proof that chooses '\(label)' anew, but '\(label)' occurs outside the match as "
        + "well: untie it first"
    case .substitution(let law, let error): "'\(law)': \(error)"
    case .noLearnedBox(let law, let place, let reason): "'\(law)' at '\(place)': \(reason)"
    case .doctrine(let law, let expected, let found):
      "'\(law)' belongs to \(expected) diagrams, and this one is \(found)"
    case .noMatch(let law, let head, let count, let place):
      Self.noMatch(law, head: head, count: count, place: place)
    case .bareWires(let law):
      "this side of '\(law)' is a wire without boxes, which matches everywhere: "
        + "say where with 'at NAME'"
    case .bareFrobeniusWires(let law):
      "this side of '\(law)' is a wire without boxes, which can't be cut in a frobenius diagram"
    case .unusedInput(let law, let name):
      "'\(law)' needs the input '\(name)', which the side it matches doesn't use"
    case .unknownSize(let law, let name): "'\(law)' has no size '\(name)'"
    case .emptySize(let law, let name):
      "'\(law)' holds for sizes of at least 1, and '\(name)' is given as 0"
    case .undeterminedShape(let law, let name):
      "the shape '..\(name)' of '\(law)' doesn't follow from what it matches"
    case .freshLabel(let law, let label):
      "'\(law)' puts in a learned box '\(label)' that is not in the side it matches"
    case .axes(let law):
      "under the sizes found, lanes that '\(law)' keeps apart have one axis, and a learned box "
        + "would change its lane"
    case .place(let error): error.description
    case .needsPlace(let law): "'\(law)' needs a place: say where with 'at NAME'"
    case .hasNoPlace(let law): "'\(law)' applies to the whole diagram and takes no place"
    case .nothingToUnshare(let place, let consumers):
      "'\(place)' has no box with several consumers: \(Self.count(consumers, "consumer"))"
    case .irreversible(let law):
      "'\(law)' can't be used backward: \(Self.loss(law)); begin with the other diagram, and use it forward"
    case .noUse(let name, let place):
      "there is no use of '\(name)'" + (place.map { " at '\($0)'" } ?? "")
    case .replacement(let law, let error): "'\(law)' can't be applied: \(error)"
    case .endless(let steps):
      "the laws still apply after \(steps) steps: they may not terminate; name fewer of them"
    case .notReached(let name):
      "with all uses unfolded and both normalized by these laws, the diagram is not '\(name)'"
    case .lanes(let law, let error): "'\(law)' can't be applied: \(error)"
    case .changesNothing(let law): "'\(law)' matches, and would give the same diagram again"
    case .stopped(let count): "stopped after \(Self.count(count, "step"))"
    case .unfolding(let error): error.description
    }
  }

  /// What a law takes away without a trace.
  private static func loss(_ law: String) -> String {
    switch law {
    case "discard": "nothing says which boxes to put in"
    case "simd.zero": "all maps into empty arrays are equal, so nothing says which lanes to put in"
    default: "a normal form doesn't say what it was made of"
    }
  }

  private static func noMatch(_ law: String, head: String, count: Int, place: String?) -> String {
    let number = Self.count(count, "box", "boxes")
    let boxes = head.isEmpty ? "" : ": the diagram has \(number) '\(head)'"
    let reason = count > 0 && !head.isEmpty ? ", but nothing around them fits" : ""
    return "'\(law)' doesn't match" + (place.map { " at '\($0)'" } ?? "") + boxes + reason
  }

  private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    number == 1 ? "1 \(one)" : "\(number) \(many ?? one + "s")"
  }
}

extension RewritingError.NoLearnedBox: CustomStringConvertible {
  /// What is missing.
  public var description: String {
    switch self {
    case .otherLabel(let label): "the box that makes the wire is no learned box '\(label)'"
    case .onlyOne(let label): "'\(label)' has one box only, so there is nothing to untie"
    case .ends(let producers, let consumers):
      "the wire must lead from one box to one other, and has \(producers == 1 ? "one" : "no") box "
        + "before it and \(consumers) after it"
    case .neitherLearned: "neither the box before the wire nor the one after it is learned"
    }
  }
}
