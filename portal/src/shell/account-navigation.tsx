import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Dialog } from '../kit/dialog.tsx';
import { Icon, type IconName } from '../kit/icons.tsx';
import { ProblemNotice } from '../kit/problem-notice.tsx';
import { type PagePath, paths } from '../paths.ts';
import { session } from '../session/session.ts';
import { text } from '../text/text.ts';

interface Place {
  readonly path: PagePath;
  readonly icon: IconName;
  readonly label: string;
  /** In the bar of a phone; the others are behind "more". */
  readonly first?: true;
}

const places = (operator: boolean): readonly Place[] => [
  { path: paths.overview, icon: 'home', label: text('account', 'nav.overview'), first: true },
  { path: paths.profile, icon: 'user', label: text('account', 'nav.profile'), first: true },
  { path: paths.security, icon: 'shield', label: text('account', 'nav.security'), first: true },
  { path: paths.privacy, icon: 'lock', label: text('account', 'nav.privacy'), first: true },
  { path: paths.sessions, icon: 'devices', label: text('account', 'nav.sessions') },
  { path: paths.links, icon: 'link', label: text('account', 'nav.links') },
  { path: paths.activity, icon: 'history', label: text('account', 'nav.activity') },
  ...(operator
    ? [{ path: paths.operator, icon: 'chart', label: text('account', 'nav.operator') } as const]
    : []),
];

/** `/portal/` and `/portal` are the same page. */
const isSame = (path: string, place: string): boolean => path === place.replace(/\/$/, '');

export interface AccountNavigationProps {
  readonly onSignOut: () => void;
  readonly leaving: boolean;
  readonly problem: unknown;
}

/** At the side of a wide window; on a phone a bar below, where thumbs are, with the rest in a sheet. */
export function AccountNavigation({ onSignOut, leaving, problem }: AccountNavigationProps) {
  const { path } = useLocation();
  const [isOpen, setOpen] = useState(false);
  const all = places(session.value.kind === 'signed-in' && session.value.operator);
  const isBehindMore = all.some((place) => !place.first && isSame(path, place.path));
  return (
    <nav class="account-navigation" aria-label={text('account', 'nav.label')}>
      <ul>
        {all.map((place) => (
          <li key={place.path} class={place.first ? '' : 'wide-only'}>
            <PlaceLink place={place} here={isSame(path, place.path)} />
          </li>
        ))}
        <li class="narrow-only">
          <button
            type="button"
            class={`place${isBehindMore ? ' here' : ''}`}
            aria-haspopup="dialog"
            onClick={() => setOpen(true)}
          >
            <Icon name="menu" />
            <span>{text('account', 'nav.more')}</span>
          </button>
        </li>
        <li class="wide-only leave">
          <SignOut onSignOut={onSignOut} leaving={leaving} />
          <ProblemNotice error={problem} />
        </li>
      </ul>
      {isOpen && (
        <Dialog title={text('account', 'nav.more')} onClose={() => setOpen(false)}>
          {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: a link that was followed closes the sheet; the links themselves take the keys */}
          <div class="more-places" onClick={() => setOpen(false)}>
            {all
              .filter(({ first }) => !first)
              .map((place) => (
                <PlaceLink key={place.path} place={place} here={isSame(path, place.path)} />
              ))}
          </div>
          <hr />
          <SignOut onSignOut={onSignOut} leaving={leaving} />
          <ProblemNotice error={problem} />
        </Dialog>
      )}
    </nav>
  );
}

function PlaceLink({ place, here }: { readonly place: Place; readonly here: boolean }) {
  return (
    <a class={`place${here ? ' here' : ''}`} href={place.path} aria-current={here ? 'page' : undefined}>
      <Icon name={place.icon} />
      <span>{place.label}</span>
    </a>
  );
}

function SignOut({ onSignOut, leaving }: Pick<AccountNavigationProps, 'onSignOut' | 'leaving'>) {
  return (
    <button type="button" class="place" aria-busy={leaving} onClick={onSignOut}>
      <Icon name="signOut" />
      <span>{text('account', 'nav.signOut')}</span>
    </button>
  );
}
