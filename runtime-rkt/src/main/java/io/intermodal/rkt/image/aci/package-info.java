/**
 * Images in rkt's form: one archive with a manifest and all files, as the App Container
 * specification 0.8 has it.
 */
@NullMarked
package io.intermodal.rkt.image.aci;

import org.jspecify.annotations.NullMarked;
