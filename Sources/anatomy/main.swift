import AnatomyCommands
import Foundation

let console = Console(
  output: { FileHandle.standardOutput.write(Data($0.utf8)) },
  error: { FileHandle.standardError.write(Data($0.utf8)) },
  terminal: .ofProcess(), interruption: .ofProcess())
exit(AnatomyTool.run(Array(CommandLine.arguments.dropFirst()), console: console).rawValue)
