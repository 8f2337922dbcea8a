/// The name of a declaration and the file that declares it: `tensor.softmax`.
///
/// Two declarations of one name in different files are different symbols, so that a file may call a box `mul`
/// although a theory it builds on has another.
public struct Symbol: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The file's name without folder and extension.
  public let module: String
  /// The declared name.
  public let name: String

  /// Names a declaration of a module.
  public init(module: String, name: String) {
    self.module = module
    self.name = name
  }

  /// `module.name`.
  public var description: String { "\(module).\(name)" }

  /// Orders by module, then by name.
  public static func < (left: Symbol, right: Symbol) -> Bool {
    (left.module, left.name) < (right.module, right.name)
  }
}
