import DiagramIR

/// One diagram and everything that it needs, as a JSON text.
///
/// ```
/// let text = DiagramJSON.encode(definition, environment: environment)
/// let (declarations, symbol) = try DiagramJSON.decode(Array(text.utf8), path: "attention.json")
/// declarations.definition(symbol)?.diagram.digest() == definition.diagram.digest()   // true
/// ```
///
/// The text is an object with these members:
///
/// | member | holds |
/// |---|---|
/// | `format`, `version` | `"anatomy-diagram"` and 1 |
/// | `theories` | `symbol`, `doctrine` |
/// | `sorts` | symbols |
/// | `boxes` | `symbol`, `doctrine`, `domain`, `codomain`, and `sizes` as `f<…>` counts them |
/// | `definitions` | `symbol`, `results` (their names), `sizes`, `diagram`; each after those it uses |
/// | `main` | the symbol of the diagram that the text is about |
///
/// A symbol is `"module.name"`, split at the last dot. A size is a string in the notation of the language,
/// `"h*k+1"`. A type is `{"sort": symbol}` or `{"shape": ["n", "..s"]}`, with `"index": size` for indices.
///
/// A diagram has a `doctrine`, a table of `types`, a table of `operations`, and the members of a region: `wires`
/// (pairs of a position in the table of types and a name, which may be empty), `domain` and `codomain`
/// (positions of wires), and `boxes` with an `operation` (a position in its table), `inputs`, `outputs` and, for
/// SIMD and scan boxes, a `body`, which is a region again.
///
/// An operation has a `kind`: `box` with `box`; `use` with `diagram`, `label`, `per` and `sizes` (those that the
/// interface leaves open); `learn`, `linear` and `state` with `label` and `per`; `number` with `value`; `size`
/// with `size`; `simd` with `axis` and `mapped`; `scan` with `axis`, `states` and `mapped`. A label that is
/// empty, and `per` and `sizes` without entries, may be left out. A value that JSON has no number for is a
/// string of its 64 bits, `"0x7ff0000000000000"`.
public enum DiagramJSON {
  /// What the member `format` says.
  public static let format = "anatomy-diagram"
  /// What the member `version` says.
  public static let version = 1

  /// How deep arrays and objects nest when bodies are nested as deep as a diagram allows.
  static let depthLimit = 3 * DiagramBuilder.maximumNesting + 16

  /// The text of a definition, with the declarations of `environment` that it needs, directly or not.
  ///
  /// The same arguments give the same bytes. Where a diagram that it uses, or a box, has the same symbol, a
  /// number is added to the definition's own name.
  ///
  /// - Returns: an indented text that ends with a newline.
  /// - Complexity: linear in the text.
  public static func encode(_ definition: Definition, environment: Environment) -> String {
    value(of: definition, environment: environment).indentedText
  }

  /// The same, as a part of a larger document.
  public static func value(of definition: Definition, environment: Environment) -> JSONValue {
    DiagramDocument(of: definition, in: environment).json
  }

  /// Reads what `encode` writes, and checks all of it.
  ///
  /// Names must be names of the language; labels are names separated by dots. The diagrams satisfy
  /// `Environment.verify(_:)`. Digests of used diagrams are computed from their definitions.
  ///
  /// The reader recurses as deep as bodies are nested. The deepest text that is accepted takes about 5 MB of
  /// stack in a debug build, so give threads other than the main one as much.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - path: where it comes from, for messages.
  /// - Returns: the declarations, and the symbol of the diagram that the text is about.
  /// - Throws: `DiagramJSONError`, the first fault.
  /// - Complexity: linear in the bytes, apart from canonical forms of used diagrams.
  public static func decode(
    _ bytes: [UInt8], path: String
  ) throws(DiagramJSONError) -> (Environment, Symbol) {
    let root = JSONLocation.file(path)
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes, depthLimit: depthLimit) } catch {
      throw DiagramJSONError(at: root, .syntax(error))
    }
    var decoder = DocumentDecoder()
    return try decoder.decode(JSONNode(value: value, location: root))
  }
}
