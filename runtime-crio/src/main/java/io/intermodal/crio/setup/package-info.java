/**
 * How a node is set up for CRI-O. {@link io.intermodal.crio.setup.CrioSetup} adds files of ours
 * beside those that are there, since CRI-O and its image library read folders of them: a drop-in
 * ({@link io.intermodal.crio.setup.DropIn}), the registries ({@link
 * io.intermodal.crio.setup.RegistriesConf}) and their authorities. What others say is never edited;
 * where a later file of theirs contradicts, that is refused by name.
 */
@NullMarked
package io.intermodal.crio.setup;

import org.jspecify.annotations.NullMarked;
