import DiagramIR
import DiagramText
import Foundation
import Interchange
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Diagrams of the library agree with numpy")
struct FixtureTests {
  static let folder = Library.root.appending(path: "Tests/AnatomyCommandsTests/Fixtures/Reference")

  /// The diagram's name and its file, as `index.txt` lists them.
  static let names = table("index.txt")

  /// `equal` or `differ`, and two diagrams that do so on the arrays of the first one's fixture.
  static let identities = table("identities.txt")

  private static func table(_ name: String) -> [[String]] {
    let text = (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }

  struct Fixture<Scalar: RealScalar> {
    let definition: Definition
    let interpreter: Interpreter<Scalar>
    let inputs: [Value<Scalar>]
    let expected: [Tensor<Double>]

    /// The fixture of a diagram, or that of `source` for a diagram with the same interface.
    init(
      _ name: String, in module: String, from source: String? = nil,
      _ convert: (NumericArray) -> Tensor<Scalar>
    ) throws {
      let path = try #require(Library().locate(import: module, from: ""))
      definition = try #require(Library.program.definition(name, in: path))
      let file = try ArrayFile.read(
        FixtureTests.folder.appending(path: "\(source ?? name).npz").path)
      var (sizes, parameters) = ([SizeVariable: Int](), Parameters<Scalar>())
      var arrays: [String: NumericArray] = [:]
      var hiddenUnits = 64
      for array in file.arrays {
        arrays[array.name] = array.array
        let parts = array.name.split(separator: ".", maxSplits: 1).map(String.init)
        if parts[0] == "size" {
          sizes[SizeVariable(parts[1])] = try #require(array.array.asIndices?.onlyElement)
        }
        if parts[0] == "parameter" { parameters[parts[1]] = convert(array.array) }
        if parts[0] == "hidden" { hiddenUnits = try #require(array.array.asIndices?.onlyElement) }
      }
      interpreter = Interpreter(
        environment: Library.program.environment, sizes: sizes, parameters: parameters,
        hiddenUnits: hiddenUnits)
      let diagram = definition.diagram
      inputs = try diagram.domain.map {
        .real(convert(try #require(arrays["input." + diagram.name(of: $0)])))
      }
      expected = try definition.resultNames.enumerated().map { position, name in
        try #require(arrays["result." + (name.isEmpty ? "\(position)" : name)]).asFloat64
      }
    }

    /// The largest |found - expected| / max(1, |found|, |expected|).
    func difference() throws -> Double {
      let results = try interpreter.run(definition, inputs: inputs)
      #expect(results.count == expected.count && !results.isEmpty)
      var difference = Difference()
      for (found, expected) in zip(results, expected) {
        difference.include(Value<Double>.real(found.asReal.map { Double($0) }), .real(expected))
      }
      return difference.relative
    }
  }

  @Test("All fixtures are listed")
  func count() {
    #expect(Self.names.count == 274)
    #expect(Self.identities.count == 48)
  }

  @Test("In double precision within 1e-10", arguments: names)
  func double(_ entry: [String]) throws {
    let fixture = try Fixture<Double>(entry[0], in: entry[1]) { $0.asFloat64 }
    #expect(try fixture.difference() <= 1e-10)
  }

  @Test("In single precision within 1e-5", arguments: names)
  func single(_ entry: [String]) throws {
    let fixture = try Fixture<Float>(entry[0], in: entry[1]) { $0.asFloat32 }
    let difference = try fixture.difference()
    #expect(difference <= 1e-5)
  }

  @Test("Mechanisms that are equal give one result, and others don't", arguments: identities)
  func identity(_ entry: [String]) throws {
    let module = try #require(Self.names.first { $0[0] == entry[2] })[1]
    let fixture = try Fixture<Double>(entry[2], in: module, from: entry[1]) { $0.asFloat64 }
    let difference = try fixture.difference()
    #expect(entry[0] == "equal" ? difference <= 1e-10 : difference > 0.01)
  }

  @Test("Another input gives another result")
  func sensitive() throws {
    let fixture = try Fixture<Double>("softmax", in: "tensor") { array in
      let tensor = array.asFloat64
      return (try? ReferenceKernels.reverse(tensor)) ?? tensor
    }
    #expect(try fixture.difference() > 1e-3)
  }
}
