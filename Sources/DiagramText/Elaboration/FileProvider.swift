/// Where files come from: the file system in the commands, a dictionary in tests.
public protocol FileProvider {
  /// The bytes of a file; `nil` when there is none or it can't be read.
  func read(_ path: String) -> [UInt8]?

  /// The path of the file that `import name` means in the file at `path`; `nil` when there is none.
  func locate(import name: String, from path: String) -> String?

  /// The path of a file of the library, whatever stands beside other files; `nil` when there is none.
  func locate(inLibrary name: String) -> String?

  /// The same string for two paths that lead to the same file.
  func identity(of path: String) -> String
}

extension FileProvider {
  /// What `import` finds from nowhere in particular.
  public func locate(inLibrary name: String) -> String? { locate(import: name, from: "") }
}
