// The same types through `require`.

import s = require('spanwire');

const text: string = s.chat('m', (span) => span.traceId);
// @ts-expect-error an option that does not exist
s.init({ sampleRate: 1 });
export = text;
