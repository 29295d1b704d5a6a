// The form's behaviours. Each wraps what the server rendered; without any of them the form still works.
import "./spoken-status.js";
import "./topic-questions.js";
import "./topic-proposal.js";
import "./kept-draft.js";
import "./character-count.js";
import "./file-uploads.js";
import "./proof-of-work.js";
import "./put-away.js";
import "./solved-note.js";
import "./hand-over.js";
import "./unsent-note.js";
import "./arrival.js";
import "./answer-list.js";
