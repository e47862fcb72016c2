import { Command } from 'commander';
import { auditCommand } from './audit.ts';
import { importCommand } from './import.ts';
import { operatorsCommand } from './operators.ts';
import { peopleCommand } from './people.ts';
import { sessionsCommand } from './sessions.ts';
import { statisticsCommand } from './statistics.ts';

const program = new Command('vestibule')
  .description('Operator commands for a Vestibule stack')
  .showHelpAfterError()
  .addCommand(auditCommand())
  .addCommand(operatorsCommand())
  .addCommand(peopleCommand())
  .addCommand(sessionsCommand())
  .addCommand(statisticsCommand())
  .addCommand(importCommand());

try {
  await program.parseAsync();
} catch (error) {
  console.error(`vestibule: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
