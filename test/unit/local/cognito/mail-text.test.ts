import { describe, expect, it } from 'vitest';
import { plainText } from '../../../../local/cognito/mail-text.ts';

describe('text of a mail that was sent as HTML', () => {
  it.each([
    ['Linden &amp; Lark', 'Linden & Lark'],
    ['&quot;&lt;a&gt;&#39;&apos;&nbsp;b&quot;', `"<a>'' b"`],
    ['it&#x2019;s 20&#8201;%', 'it’s 20\u2009%'],
    ['&amp;amp; is decoded once', '&amp; is decoded once'],
    ['&unknown; and &#0; and &#x110000; stay', '&unknown; and &#0; and &#x110000; stay'],
  ])('reads %j as %j', (html, text) => expect(plainText(html)).toBe(text));

  it('keeps paragraphs and drops what is not shown', () =>
    expect(
      plainText('<head><title>x</title></head><style>p{}</style><p>One<br>two</p>\n\n\n<p>Three</p>'),
    ).toBe('One\ntwo\n\nThree'));
});
