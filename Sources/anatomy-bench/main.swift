import Benchmarks
import Foundation

let code = BenchmarkTool.run(
  Array(CommandLine.arguments.dropFirst()),
  output: { FileHandle.standardOutput.write(Data(($0 + "\n").utf8)) },
  error: { FileHandle.standardError.write(Data(($0 + "\n").utf8)) })
exit(code)
