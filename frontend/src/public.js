// The behaviours of the public pages: small, no library.
import { startAnswers } from "./js/answers.js";
import { startCopying } from "./js/copying.js";
import { startDrafts } from "./js/drafts.js";
import { startPhotos } from "./js/photos.js";
import { startSignatures } from "./js/signature.js";
import { startSubmitGuard } from "./js/submit-guard.js";
import { startTalking } from "./js/talking.js";

startSubmitGuard();
startCopying();
startDrafts();
startAnswers();
startPhotos();
startSignatures();
startTalking();
