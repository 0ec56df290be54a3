/**
 * CRI-O's images as archives, by skopeo: {@link io.intermodal.crio.archives.SkopeoImageArchives} is
 * the entry.
 */
@NullMarked
package io.intermodal.crio.archives;

import org.jspecify.annotations.NullMarked;
