import { useLocation } from 'preact-iso';
import { paths } from '../../paths.ts';
import { text } from '../../text/text.ts';

/** The two operator pages, side by side. */
export function OperatorPlaces() {
  const { path } = useLocation();
  const places = [
    { to: paths.operator, label: text('operator', 'place.overview') },
    { to: paths.operatorPerson, label: text('operator', 'place.person') },
  ];
  return (
    <nav class="operator-places" aria-label={text('operator', 'places')}>
      {places.map(({ to, label }) => (
        <a key={to} href={to} aria-current={path === to ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
