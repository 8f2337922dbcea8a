extension Diagram {
  /// For each place of the domain, whether a box of the root region or one of these places of the codomain
  /// uses its wire.
  ///
  /// - Complexity: linear in the root region.
  public func usesDomain(codomain places: [Int]) -> [Bool] {
    var isUsed: Set<WireID> = []
    for box in boxes(in: root) { isUsed.formUnion(inputs(of: box)) }
    let results = Array(codomain)
    for place in places { isUsed.insert(results[place]) }
    return domain.map { isUsed.contains($0) }
  }

  /// The diagram with some places of its interface only. In `cartesian`, an input that nothing uses may be
  /// dropped, and so may any output.
  ///
  /// - Precondition: no box and no kept output uses a dropped input.
  /// - Complexity: linear in the root region.
  public func restricted(domain: [Int], codomain: [Int]) -> Diagram {
    let inputs = Array(self.domain)
    let outputs = Array(self.codomain)
    if domain.count == inputs.count && codomain.count == outputs.count { return self }
    let kept = Set(domain.map { inputs[$0] })
    let dropped = Set(inputs.filter { !kept.contains($0) })
    var result = self
    var record = regionRecords[root.index]
    let (first, end) = (Int(record.firstWire), wireCount)
    result.wireTypes.removeSubrange(first..<end)
    result.wireNames.removeSubrange(first..<end)
    var renumbered: [WireID] = []
    for index in first..<end {
      renumbered.append(WireID(result.wireTypes.count))
      guard !dropped.contains(WireID(index)) else { continue }
      result.wireTypes.append(wireTypes[index])
      result.wireNames.append(wireNames[index])
    }
    let new = { (wire: WireID) in renumbered[wire.index - first] }
    for box in boxes(in: root) {
      let box = boxRecords[box.index]
      let ports = Int(box.firstPort)..<Int(box.firstPort + box.inputCount + box.outputCount)
      for port in ports { result.ports[port] = new(result.ports[port]) }
    }
    result.interfaces.removeSubrange(Int(record.firstInterface)...)
    result.interfaces += domain.map { new(inputs[$0]) } + codomain.map { new(outputs[$0]) }
    record.wireCount = Int32(result.wireTypes.count - first)
    (record.domainCount, record.codomainCount) = (Int32(domain.count), Int32(codomain.count))
    result.regionRecords[root.index] = record
    return result
  }
}
