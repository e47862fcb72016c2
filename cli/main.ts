import { Command } from 'commander';
import { auditCommand } from './audit.ts';

const program = new Command('vestibule')
  .description('Operator commands for a Vestibule stack')
  .showHelpAfterError()
  .addCommand(auditCommand());

try {
  await program.parseAsync();
} catch (error) {
  console.error(`vestibule: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
