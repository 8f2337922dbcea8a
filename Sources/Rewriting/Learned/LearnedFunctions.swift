import DiagramIR

/// The functions that the labels of a diagram name: for each label its kind, its type and its axes.
///
/// - Complexity: linear in the diagram.
struct LearnedFunctions {
  /// What a label names.
  struct Function: Equatable {
    var box: LearnedBox
    var domain: [WireType]
    var codomain: [WireType]
    /// How many boxes have the label, on all levels.
    var count: Int
  }

  /// The functions by label.
  private(set) var functions: [String: Function] = [:]
  /// The labels in the order in which they first occur.
  private(set) var labels: [String] = []
  /// The labels of folded uses, in the order in which they first occur.
  private(set) var useLabels: [String] = []
  /// A label that names two functions.
  private(set) var conflict: String?
  /// A label that two different uses have.
  private(set) var useConflict: String?
  private var uses: [String: DiagramUse] = [:]

  init(_ diagram: Diagram) {
    for index in (0..<diagram.boxCount) {
      let box = BoxID(index)
      switch diagram.operation(of: box) {
      case .learned(let learned): include(learned, diagram.portTypes(of: box))
      case .use(let use) where !use.label.isEmpty:
        include(use)
      default: continue
      }
    }
  }

  private mutating func include(_ use: DiagramUse) {
    guard let known = uses[use.label] else {
      uses[use.label] = use
      useLabels.append(use.label)
      return
    }
    if known != use { useConflict = useConflict ?? use.label }
  }

  private mutating func include(
    _ box: LearnedBox, _ types: (domain: [WireType], codomain: [WireType])
  ) {
    guard let known = functions[box.label] else {
      functions[box.label] = Function(
        box: box, domain: types.domain, codomain: types.codomain, count: 1)
      labels.append(box.label)
      return
    }
    functions[box.label]?.count += 1
    let isSame =
      known.box == box && known.domain == types.domain && known.codomain == types.codomain
    if !isSame { conflict = conflict ?? box.label }
  }

  subscript(label: String) -> Function? { functions[label] }

  /// The label of a folded use that has this label inside, or is it.
  func use(around label: String) -> String? {
    useLabels.first { label == $0 || label.hasPrefix($0 + ".") }
  }

  /// The label itself when nothing has it, else with the least number from 2 on that makes it new.
  func fresh(_ label: String, besides taken: Set<String> = []) -> String {
    let isFree = { (name: String) in
      functions[name] == nil && use(around: name) == nil && !taken.contains(name)
    }
    if isFree(label) { return label }
    var number = 2
    while !isFree("\(label)_\(number)") { number += 1 }
    return "\(label)_\(number)"
  }
}
