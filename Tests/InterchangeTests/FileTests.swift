import Foundation
import Interchange
import TensorKernels
import Testing

@Suite("Files of arrays")
struct FileTests {
  /// Runs a body in a new folder, which is removed afterwards.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("anatomy-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func expectError(
    _ expected: (InterchangeError) -> Bool, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws(InterchangeError) -> Void
  ) {
    do throws(InterchangeError) {
      try body()
      Issue.record("expected an error", sourceLocation: sourceLocation)
    } catch {
      #expect(expected(error), "\(error)", sourceLocation: sourceLocation)
      #expect(error.description == error.path + ": " + error.message)
    }
  }

  @Test("arrays come back from the disk in every format, its extension in capitals or not")
  func disk() throws {
    try inFolder { folder in
      let file = ArrayFile(arrays: try sampleArrays())
      for name in ["a.npz", "a.NPZ", "a.safetensors"] {
        try file.write(to: folder + "/" + name)
        #expect(try Set(ArrayFile.read(folder + "/" + name).arrays) == Set(file.arrays))
      }
      let one = ArrayFile(arrays: [NamedArray(name: "", array: file.arrays[0].array)])
      try one.write(to: folder + "/a.npy")
      #expect(try ArrayFile.read(folder + "/a.npy") == one)
      #expect(try names(folder).count == 4)
    }
  }

  @Test("writing replaces the old file, keeps its permissions, and follows a link")
  func replacement() throws {
    try inFolder { folder in
      let (path, link) = (folder + "/a.npz", folder + "/link.npz")
      try ArrayFile(arrays: []).write(to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a.npz")
      let file = ArrayFile(arrays: try sampleArrays())
      try file.write(to: link)
      #expect(try ArrayFile.read(path) == file)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "a.npz")
      #expect(try names(folder) == ["a.npz", "link.npz"])
    }
  }

  @Test("a failed write leaves what stood there, and nothing else")
  func failedWrites() throws {
    try inFolder { folder in
      let path = folder + "/a.npy"
      let old = ArrayFile(arrays: [NamedArray(name: "", array: .float32(try ramp(2)))])
      try old.write(to: path)
      expectError({ $0 == .needsOneArray(path: path, names: ["", ""]) }) {
        () throws(InterchangeError) in
        try ArrayFile(arrays: old.arrays + old.arrays).write(to: path)
      }
      expectError({ $0 == .noMetadata(path: path) }) { () throws(InterchangeError) in
        try ArrayFile(arrays: old.arrays, metadata: ["a": "b"]).write(to: path)
      }
      #expect(try ArrayFile.read(path) == old)
      let taken = folder + "/folder.npy"
      try FileManager.default.createDirectory(
        atPath: taken + "/inside", withIntermediateDirectories: true)
      expectError({ if case .cannotWrite = $0 { true } else { false } }) {
        () throws(InterchangeError) in try old.write(to: taken)
      }
      expectError({ if case .cannotWrite = $0 { true } else { false } }) {
        () throws(InterchangeError) in try old.write(to: folder + "/none/a.npy")
      }
      #expect(try names(folder) == ["a.npy", "folder.npy"])
    }
  }

  @Test("names that a format cannot hold are refused before anything is written")
  func refusedNames() throws {
    try inFolder { folder in
      let array = NumericArray.float32(try ramp(1))
      let twice = ArrayFile(arrays: [
        NamedArray(name: "a", array: array), NamedArray(name: "a", array: array),
      ])
      for path in [folder + "/a.npz", folder + "/a.safetensors"] {
        expectError({ $0 == .duplicateName(path: path, name: "a") }) {
          () throws(InterchangeError) in try twice.write(to: path)
        }
      }
      let path = folder + "/b.safetensors"
      let reserved = ArrayFile(arrays: [NamedArray(name: "__metadata__", array: array)])
      expectError({ $0 == .reservedName(path: path, name: "__metadata__") }) {
        () throws(InterchangeError) in try reserved.write(to: path)
      }
      #expect(try names(folder).isEmpty)
    }
  }

  @Test("missing files, folders, and unknown extensions say so")
  func unreadable() throws {
    try inFolder { folder in
      expectError({ if case .cannotRead = $0 { true } else { false } }) {
        () throws(InterchangeError) in _ = try ArrayFile.read(folder + "/none.npy")
      }
      try FileManager.default.createDirectory(
        atPath: folder + "/a.npy", withIntermediateDirectories: true)
      expectError({ $0.message.hasSuffix("it is not a regular file") }) {
        () throws(InterchangeError) in _ = try ArrayFile.read(folder + "/a.npy")
      }
      for path in ["a.txt", "npy", "a.npy/b", "", "/"] {
        #expect(!ArrayFile.isArrayFile(path))
        expectError({ $0 == .unknownExtension(path: path) }) { () throws(InterchangeError) in
          _ = try ArrayFile.read(path)
        }
      }
      #expect(ArrayFile.isArrayFile("a.b/c.SafeTensors"))
    }
  }
}
