// The behaviours of the public pages: small, no library.
import { startDrafts } from "./js/drafts.js";
import { startPhotos } from "./js/photos.js";
import { startSubmitGuard } from "./js/submit-guard.js";

startSubmitGuard();
startDrafts();
startPhotos();
