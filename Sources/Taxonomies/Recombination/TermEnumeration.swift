import DiagramIR
import Rewriting

/// Every term of a type over some generators, up to a number of boxes, without those that rules make redundant.
///
/// A term is redundant when normalizing it by the rules, left to right, gives another one's normal form; of those
/// with one normal form, that form is listed. The rules are data: which terms are left is what comes out.
///
/// ```
/// let enumeration = TermEnumeration(signature, goal: tokens, rules: rules, in: environment)
/// try enumeration.terms(boxes: 4).count      // 14 for the generators of attention
/// ```
///
/// Source: the fourteen mechanisms of *On the Anatomy of Attention* (arXiv 2407.02423, figure 3) come from recombining
/// generators exhaustively and removing redundant ones; how it was done there isn't public, and this is our
/// reconstruction.
public struct TermEnumeration: Sendable {
  /// How many terms are listed at most unless told otherwise.
  public static let defaultLimit = 1_000_000

  private let signature: TermSignature
  private let goal: WireType
  private let laws: [Law]
  private let rewriter: Rewriter
  private let limit: Int

  /// Prepares an enumeration.
  ///
  /// - Parameters:
  ///   - goal: the type of the terms.
  ///   - laws: exact laws, oriented, that make terms redundant.
  ///   - environment: the declarations of boxes and rules.
  public init(
    _ signature: TermSignature, goal: WireType, laws: [Law], in environment: Environment,
    limit: Int = TermEnumeration.defaultLimit
  ) {
    self.signature = signature
    self.goal = goal
    self.laws = laws
    self.limit = limit
    rewriter = Rewriter(environment)
  }

  /// The terms with at least one box and at most so many, in order: fewer boxes first, then by prefix notation with
  /// the generators in their order.
  ///
  /// - Throws: `TermEnumerationError`.
  /// - Complexity: the terms before redundant ones are removed, times what normalizing one takes.
  public func terms(boxes: Int) throws(TermEnumerationError) -> [Term] {
    var normal: Set<Term> = []
    for term in try all(boxes: boxes) {
      let form = try normalized(term)
      if form.boxCount > 0 { normal.insert(form) }
    }
    return normal.sorted()
  }

  /// All terms, redundant ones too, in order.
  ///
  /// - Throws: `TermEnumerationError.limit`.
  public func all(boxes: Int) throws(TermEnumerationError) -> [Term] {
    var table = TermTable(signature, limit: limit)
    for count in 0...max(boxes, 0) { try table.fill(count) }
    return (1...max(boxes, 1)).flatMap { $0 > boxes ? [] : table[goal, $0] }.sorted()
  }

  private func normalized(_ term: Term) throws(TermEnumerationError) -> Term {
    guard !laws.isEmpty else { return term }
    let result: RewritingResult
    do {
      result = try rewriter.rewrite(
        term.diagram(in: signature), by: laws, .normalize(limit: Strategy.defaultLimit),
        recordingSteps: false)
    } catch { throw .rewriting(error) }
    guard !result.reachedLimit, let form = Term(result.diagram, in: signature) else {
      throw .endless(term: term.text(in: signature))
    }
    return form
  }
}

/// Why terms can't be listed.
public enum TermEnumerationError: Error, Sendable {
  /// There are more terms than this.
  case limit(Int)
  /// The redundancy rules don't come to an end on this term.
  case endless(term: String)
  /// A rule can't be used.
  case rewriting(RewritingError)
}

extension TermEnumerationError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .limit(let limit): "there are more than \(limit) terms: allow fewer boxes"
    case .endless(let term): "the redundancy rules don't come to an end on \(term)"
    case .rewriting(let error): "\(error)"
    }
  }
}

/// Terms by type and number of boxes.
private struct TermTable {
  private let signature: TermSignature
  private let limit: Int
  private var count = 0
  private var terms: [WireType: [[Term]]] = [:]

  init(_ signature: TermSignature, limit: Int) {
    self.signature = signature
    self.limit = limit
  }

  subscript(type: WireType, boxes: Int) -> [Term] {
    guard let rows = terms[type], boxes < rows.count else { return [] }
    return rows[boxes]
  }

  /// Adds the terms with so many boxes; those with fewer are there.
  mutating func fill(_ boxes: Int) throws(TermEnumerationError) {
    var new: [WireType: [Term]] = [:]
    if boxes == 0 {
      for (number, type) in signature.variables.enumerated() {
        new[type, default: []].append(Term([.variable(number)]))
      }
    }
    for (number, generator) in signature.generators.enumerated() where boxes > 0 {
      for arguments in try sequences(generator.domain[...], boxes - 1) {
        new[generator.codomain, default: []].append(Term([.generator(number)] + arguments))
        count += 1
        guard count <= limit else { throw .limit(limit) }
      }
    }
    let types = Set(
      signature.variables + signature.generators.flatMap { $0.domain + [$0.codomain] })
    for type in types {
      terms[type, default: []].append(new[type] ?? [])
    }
  }

  /// The prefix notations of terms of these types with so many boxes together.
  private func sequences(
    _ types: ArraySlice<WireType>, _ boxes: Int
  ) throws(TermEnumerationError) -> [[Term.Symbol]] {
    guard let first = types.first else { return boxes == 0 ? [[]] : [] }
    var found: [[Term.Symbol]] = []
    for used in 0...boxes {
      let heads = self[first, used]
      guard !heads.isEmpty else { continue }
      for tail in try sequences(types.dropFirst(), boxes - used) {
        for head in heads { found.append(head.symbols + tail) }
        guard found.count <= limit else { throw .limit(limit) }
      }
    }
    return found
  }
}
