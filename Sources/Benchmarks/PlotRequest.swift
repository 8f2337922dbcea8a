import Interchange

/// The options by which measurements are drawn: `--svg OUT`, and `--peers FILE` for each table beside them.
struct PlotRequest {
  /// What prevents a picture.
  enum Fault: Error {
    /// The words are no options.
    case usage
    /// The name of the file for the picture says that something else is in it.
    case ending(String)
    /// A file can't be read or written, or isn't what it should be.
    case file(String)
  }

  private let path: String
  private let peers: [TimingPlot.Source]

  /// Takes its options out of the arguments.
  ///
  /// - Returns: the request, `nil` when no picture is asked for, and the other arguments.
  static func taken(
    from arguments: [String]
  ) throws(Fault) -> (request: PlotRequest?, rest: [String]) {
    var (rest, path, tables) = ([String](), String?.none, [String]())
    var words = arguments[...]
    while let word = words.popFirst() {
      guard word == "--svg" || word == "--peers" else {
        rest.append(word)
        continue
      }
      guard let value = words.popFirst(), !value.hasPrefix("--") else { throw .usage }
      if word == "--peers" {
        tables.append(value)
      } else if path == nil {
        path = value
      } else {
        throw .usage
      }
    }
    guard let path else {
      guard tables.isEmpty else { throw .usage }
      return (nil, rest)
    }
    return (try PlotRequest(path, tables), rest)
  }

  private init(_ path: String, _ tables: [String]) throws(Fault) {
    guard Self.isPictureName(path) else { throw .ending(path) }
    guard FileBytes.canReplace(path) else {
      throw .file("\(path): cannot write the file: it is not a regular file")
    }
    var peers: [TimingPlot.Source] = []
    for table in tables {
      let file = table.split(separator: "/").last.map(String.init) ?? table
      let name = file.hasSuffix(".csv") ? String(file.dropLast(4)) : file
      do {
        let text = String(decoding: try FileBytes.read(table), as: UTF8.self)
        peers.append((name, try TimingTable(csv: text)))
      } catch let fault as TimingTable.Fault {
        throw .file("\(table): \(fault)")
      } catch {
        throw .file("\(error)")
      }
    }
    (self.path, self.peers) = (path, peers)
  }

  /// Whether a name ends in `.svg`, or has no ending.
  private static func isPictureName(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return !name.dropFirst().contains(".") || name.lowercased().hasSuffix(".svg")
  }

  /// Writes the picture of some times.
  func draw(_ table: TimingTable) throws(Fault) {
    let svg = TimingPlot(table, peers: peers).svg()
    do { try FileBytes.replace(path, with: Array(svg.utf8)) } catch { throw .file("\(error)") }
  }
}
