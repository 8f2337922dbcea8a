import DiagramIR
import DiagramText
import TensorInterpretation
import TensorKernels
import Testing

/// That each of the fourteen is permutation equivariant is proved in
/// Diagrams/Derivations/equivariance_of_the_fourteen.diagram; here it is tried, with mechanisms for which it fails.
@Suite("The fourteen on random tensors")
struct FourteenTests {
  static let names = (0..<14).map { "M\($0)" }

  /// A mechanism between tokens, on three heads of width five. Learned maps of one shape are one and the same map,
  /// so that what differs between two mechanisms is how they are wired.
  struct Mechanism {
    let function: TensorDiagram
    var interpreter: Interpreter<Double>

    init(_ name: String, in module: String, sizes: [String: Int] = ["h": 3, "k": 5]) throws {
      let path = try #require(Library().locate(import: module, from: ""))
      let definition = try #require(Library.program.definition(name, in: path))
      let environment = Library.program.environment
      function = try TensorDiagram(definition.diagram, in: environment)
      interpreter = Interpreter(
        environment: environment, sizes: sized(sizes.merging(["n": 6, "d": 4]) { own, _ in own }))
      for parameter in try function.parameterList() {
        let sizes = try parameter.shape.map { size in
          try #require(try size.value(interpreter.sizes))
        }
        let shape = try Shape(sizes)
        var source = RandomSource(seed: 1, stream: "\(shape)")
        interpreter.parameters[parameter.key] = source.normals(shape, deviation: 0.5)
      }
    }

    func callAsFunction(_ x: Tensor<Double>) throws -> Tensor<Double> {
      let results = try interpreter.run(function, inputs: [.real(x)])
      guard case .real(let y) = try #require(results.first) else {
        throw TensorError.missingAxes(operation: "a test", needed: 1, found: x.shape)
      }
      return y
    }
  }

  static func tokens(seed: UInt64) throws -> Tensor<Double> {
    var source = RandomSource(seed: seed, stream: "tokens")
    let shape = try Shape([6, 4])
    return source.normals(shape)
  }

  /// How far permuting the tokens is from permuting the results.
  static func violation(_ mechanism: Mechanism, seed: UInt64) throws -> Double {
    let x = try tokens(seed: seed)
    var source = RandomSource(seed: seed, stream: "permutation")
    let order = try Tensor<Int>([6], (0..<6).shuffled(using: &source))
    let first = try mechanism(try ReferenceKernels.reindex(x, order))
    let second = try ReferenceKernels.reindex(try mechanism(x), order)
    return try difference(first, second)
  }

  static func difference(_ a: Tensor<Double>, _ b: Tensor<Double>) throws -> Double {
    #expect(a.shape == b.shape)
    var difference = Difference()
    for (a, b) in zip(a.elements, b.elements) { difference.include(a, b) }
    return difference.relative
  }

  @Test("Permuting the tokens permutes the results", arguments: names)
  func equivariance(_ name: String) throws {
    let mechanism = try Mechanism(name, in: "fourteen")
    for seed in 1...10 as ClosedRange<UInt64> {
      #expect(try Self.violation(mechanism, seed: seed) < 1e-12, "seed \(seed)")
    }
  }

  @Test("Where positions count it doesn't")
  func notEquivariant() throws {
    let causal = try Mechanism("causal_multi_head", in: "transformer")
    #expect(try Self.violation(causal, seed: 1) > 1e-3)
  }

  @Test("Any two differ, with the same learned maps")
  func differences() throws {
    let x = try Self.tokens(seed: 7)
    let results = try Self.names.map { name in try Mechanism(name, in: "fourteen")(x) }
    for (place, result) in results.enumerated() {
      let isFinite = result.elements.allSatisfy(\.isFinite)
      #expect(isFinite)
      for (other, second) in results.enumerated() where other > place {
        #expect(try Self.difference(result, second) > 1e-6, "M\(place) and M\(other)")
      }
    }
    let again = try Mechanism("M0", in: "fourteen")(x)
    #expect(try Self.difference(results[0], again) == 0)
  }
}
