import type { BrandLook } from '../configuration.ts';

/** The portal's own look (portal/src/kit/kit.css); what a brand does not set. A test compares the two. */
export const defaultLook: BrandLook = {
  light: {
    brand: '#1f5d4c',
    'on-brand': '#ffffff',
    background: '#f6f5f2',
    surface: '#ffffff',
    text: '#1c1b19',
    muted: '#5b5852',
    line: '#e3dfd7',
    danger: '#a4262c',
    done: '#1c6b45',
    warning: '#8a5300',
  },
  dark: {
    brand: '#86d3b8',
    'on-brand': '#06261c',
    background: '#131312',
    surface: '#1d1c1a',
    text: '#f2f0eb',
    muted: '#b7b2a8',
    line: '#35332f',
    danger: '#ff9d97',
    done: '#86d6a6',
    warning: '#f2bd6b',
  },
  radius: '14px',
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", sans-serif',
};
