import { brand } from '../../../configuration.ts';
import { Button } from '../../../kit/button.tsx';
import { Icon } from '../../../kit/icons.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { useFirstFocus } from '../../../kit/use-first-focus.ts';
import { day } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { codesFile } from './groups.ts';

export interface RecoverySheetProps {
  readonly codes: readonly string[];
  readonly createdAt: string;
  readonly onClose: () => void;
}

/** The codes, this once: to copy, to save as a file, or to print; on paper nothing else of the page is seen. */
export function RecoverySheet({ codes, createdAt, onClose }: RecoverySheetProps) {
  const heading = useFirstFocus<HTMLHeadingElement>(true);
  const lines = [
    text('security', 'codes.sheet', { name: brand.value.name || location.host }),
    text('security', 'codes.made', { day: day(createdAt) }),
    text('security', 'codes.once'),
  ];
  return (
    <div class="stack">
      <Notice kind="warning">{text('security', 'codes.now')}</Notice>
      <div class="recovery-sheet">
        <h3 ref={heading} tabIndex={-1}>
          {lines[0]}
        </h3>
        <ol dir="ltr">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <p class="small">{lines[1]}</p>
        <p class="small">{lines[2]}</p>
      </div>
      <div class="actions">
        <CopyButton value={codes.join('\n')} />
        <Button onClick={() => save(codesFile(lines, codes))}>
          <Icon name="download" />
          <span>{text('security', 'codes.save')}</span>
        </Button>
        <Button onClick={() => print()}>
          <Icon name="paper" />
          <span>{text('security', 'codes.print')}</span>
        </Button>
      </div>
      <div class="actions">
        <Button look="primary" onClick={onClose}>
          {text('security', 'codes.kept')}
        </Button>
      </div>
    </div>
  );
}

function save(content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(url);
}
