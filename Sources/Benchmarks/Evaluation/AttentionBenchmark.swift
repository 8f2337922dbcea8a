/// The command `anatomy-bench attention`: times the fourteen mechanisms.
enum AttentionBenchmark {
  static let usage = """
    usage: anatomy-bench attention [--batch N] [--heads N] [--tokens N] [--width N] [--head-width N]
                                   [--threads N] [--only NAME,…]

    Times the fourteen mechanisms, forward, in single precision, and prints mechanism,median_ms,min_ms.
    D and L are dot-product and linear self-attention; D.query.L feeds L's output to the query of D.
    """

  /// The sizes and what is measured.
  struct Options {
    var sizes = ["b": 1, "h": 8, "n": 1024, "d": 512, "k": 64]
    var threads = 2
    var names = RecombinedMechanism.names

    private static let axes = [
      "--batch": "b", "--heads": "h", "--tokens": "n", "--width": "d", "--head-width": "k",
    ]

    /// - Returns: `nil` for arguments that it doesn't know.
    init?(_ arguments: some Sequence<String>) {
      var rest = Array(arguments)[...]
      while let option = rest.popFirst() {
        guard let value = rest.popFirst() else { return nil }
        if let axis = Self.axes[option] {
          guard let size = Int(value), size > 0 else { return nil }
          sizes[axis] = size
        } else if option == "--threads" {
          guard let count = Int(value), count > 0 else { return nil }
          threads = count
        } else if option == "--only" {
          names = value.split(separator: ",").map(String.init)
        } else {
          return nil
        }
      }
    }
  }

  static func run(
    _ arguments: some Sequence<String>, output: (String) -> Void, error: (String) -> Void
  ) -> Int32 {
    guard let options = Options(arguments) else {
      error(usage)
      return 64
    }
    output("mechanism,median_ms,min_ms")
    for name in options.names {
      guard let mechanism = RecombinedMechanism(name) else {
        error(
          "there is no mechanism '\(name)'; there are \(RecombinedMechanism.names.joined(separator: ", "))"
        )
        return 64
      }
      guard let function = TextBesideLibrary(mechanism.text).function("mechanism") else {
        error("\(name): its diagram has no meaning in the standard library that was found")
        return 1
      }
      do {
        let diagram = try EvaluatedDiagram(function, sizes: options.sizes, threads: options.threads)
        let measurement = Measurement.repeated(name, diagram.run)
        output(([name] + measurement.fields.suffix(2)).joined(separator: ","))
      } catch let fault {
        error("\(name): \(fault)")
        return 1
      }
    }
    return 0
  }
}
