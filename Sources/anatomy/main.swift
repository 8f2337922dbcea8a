import AnatomyCommands
import Foundation

let console = Console(
  output: { FileHandle.standardOutput.write(Data($0.utf8)) },
  error: { FileHandle.standardError.write(Data($0.utf8)) },
  isTerminal: isatty(STDERR_FILENO) == 1)
exit(AnatomyTool.run(Array(CommandLine.arguments.dropFirst()), console: console).rawValue)
