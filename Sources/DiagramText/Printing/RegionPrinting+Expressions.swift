import DiagramIR

extension RegionPrinting {
  /// Writes to the line what stands for the results of a box. Where that ends with a block, the line ends with
  /// the opening brace, and the lines of the block, which stand one deeper than `depth`, come back.
  mutating func writeExpression(_ box: BoxID, _ depth: Int) throws(PrintingError) -> [UInt8]? {
    let record = boxes[box.index]
    let text = operations[record.operation.index]
    switch text.form {
    case .lanes: return try writeLanes(box, depth)
    case .constant: line.append(text.head, of: kept)
    case .call, .openCall:
      writeHead(of: box)
      line.append(UInt8(ascii: "("))
      let first = Int(record.firstPort)
      for port in first..<(first + Int(record.inputCount)) {
        writeArgument(texts[ports[port].index], port == first)
      }
      line.append(UInt8(ascii: ")"))
      line.append(text.label, of: kept)
    }
    return nil
  }

  /// `f<k>[n d](x, y) as label`.
  mutating func writeCall(_ box: BoxID, lift: [Size], arguments: [PrintedRange]) {
    writeHead(of: box)
    if !lift.isEmpty {
      line.append(contentsOf: "[\(lift.map(\.description).joined(separator: " "))]".utf8)
    }
    line.append(UInt8(ascii: "("))
    for (place, argument) in arguments.enumerated() { writeArgument(argument, place == 0) }
    line.append(UInt8(ascii: ")"))
    line.append(operations[diagram.operationID(of: box).index].label, of: kept)
  }

  /// `f<k>`.
  private mutating func writeHead(of box: BoxID) {
    let operation = boxes[box.index].operation.index
    line.append(operations[operation].head, of: kept)
    guard operations[operation].form == .openCall else { return }
    line.append(contentsOf: callees[operation].sizeArguments(diagram.portTypes(of: box)).utf8)
  }

  private mutating func writeArgument(_ text: PrintedRange, _ isFirst: Bool) {
    if !isFirst {
      line.append(UInt8(ascii: ","))
      line.append(UInt8(ascii: " "))
    }
    argumentStarts.append(line.count - lineStart)
    line.append(text, of: kept)
    argumentsEnd = line.count - lineStart
  }
}
