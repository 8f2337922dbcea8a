import DiagramIR

extension ByteScanner {
  mutating func symbol() throws(ByteFault) -> Symbol {
    Symbol(module: try text(), name: try text())
  }

  mutating func size() throws(ByteFault) -> Size {
    var sum = Size.zero
    for _ in 0..<(try number(below: Size.maximumTerms + 1)) {
      var term = Size(try number())
      for _ in 0..<(try number(below: Size.maximumDegree + 1)) {
        let variable = SizeVariable(try text(), instance: try instance())
        guard let product = try? term * Size(variable) else { throw ByteFault() }
        term = product
      }
      guard let next = try? sum + term else { throw ByteFault() }
      sum = next
    }
    return sum
  }

  mutating func sizes() throws(ByteFault) -> [Size] {
    var sizes: [Size] = []
    for _ in 0..<(try count()) { sizes.append(try size()) }
    return sizes
  }

  private mutating func instance() throws(ByteFault) -> Int32 {
    Int32(bitPattern: UInt32(try number(below: Int(UInt32.max) + 1)))
  }

  mutating func wireType() throws(ByteFault) -> WireType {
    let kind = try number(below: 3)
    if kind == 0 { return .sort(try symbol()) }
    let element = kind == 1 ? Element.real : .index(try size())
    var shape: [Dimension] = []
    for _ in 0..<(try count()) {
      if try number(below: 2) == 0 {
        shape.append(.size(try size()))
      } else {
        shape.append(.shape(ShapeVariable(try text(), instance: try instance())))
      }
    }
    return .array(element, shape)
  }

  mutating func operation() throws(ByteFault) -> Operation {
    switch try number(below: 7) {
    case 0: return .box(try symbol())
    case 1:
      return .use(
        DiagramUse(
          definition: try symbol(), content: try digest(), label: try text(), per: try sizes(),
          openSizes: try sizes()))
    case 2:
      guard let kind = LearnedKind(rawValue: try text()) else { throw ByteFault() }
      return .learned(LearnedBox(kind: kind, label: try text(), per: try sizes()))
    case 3: return .number(try word())
    case 4: return .size(try size())
    case 5: return .simd(axis: try size(), mapped: try number(below: 1 << 24))
    default:
      return .scan(
        axis: try size(), states: try number(below: 1 << 24), mapped: try number(below: 1 << 24))
    }
  }
}
